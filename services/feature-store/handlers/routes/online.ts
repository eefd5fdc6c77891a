import { route } from '#shared/lambda/http.ts';
import * as contract from '../../contract.ts';
import { type GetOnlineFeaturesDeps, getOnlineFeatures } from '../../use-cases/get-online-features.ts';
import { type ReceiveRecordsDeps, receiveRecords } from '../../use-cases/receive-records.ts';

/** Routes that applications use: values are read, records are sent. */
export const onlineRoutes = (deps: GetOnlineFeaturesDeps & ReceiveRecordsDeps) => [
  route(contract.getOnlineFeatures, ({ params, body }) => getOnlineFeatures(deps, params.project, body)),
  route(contract.sendFeatureRecords, ({ params, body }) => receiveRecords(deps, { ...params, ...body })),
];

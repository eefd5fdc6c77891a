import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Reference to a shape from a structure, a list or a map, with what the wire needs to know about it. */
export interface ShapeReference {
  readonly shape: string;
  readonly location?: 'uri' | 'querystring' | 'header' | 'headers' | 'statusCode';
  readonly locationName?: string;
  readonly flattened?: boolean;
}

/** A type of a service model, as botocore writes it. */
export interface Shape {
  readonly type:
    | 'structure'
    | 'list'
    | 'map'
    | 'string'
    | 'character'
    | 'integer'
    | 'long'
    | 'float'
    | 'double'
    | 'boolean'
    | 'timestamp'
    | 'blob';
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, ShapeReference>>;
  /** Exactly one member is set. */
  readonly union?: boolean;
  /** Any JSON. */
  readonly document?: boolean;
  /** Name of the one member that is the whole body. */
  readonly payload?: string;
  readonly member?: ShapeReference;
  readonly key?: ShapeReference;
  readonly value?: ShapeReference;
  readonly flattened?: boolean;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  /** Of a number its value, of a text its characters, of a list or map its entries, of a blob its bytes. */
  readonly min?: number;
  readonly max?: number;
  readonly timestampFormat?: 'iso8601' | 'rfc822' | 'unixTimestamp';
}

export interface Operation {
  readonly name: string;
  readonly http: { readonly method: string; readonly requestUri: string };
  readonly input?: { readonly shape: string };
  readonly deprecated?: boolean;
  readonly httpChecksum?: { readonly requestChecksumRequired?: boolean };
}

export type Protocol = 'json' | 'rest-json' | 'rest-xml' | 'query';

/** A service, as botocore's `service-2.json` describes it. */
export interface ServiceModel {
  readonly metadata: {
    readonly serviceId: string;
    readonly apiVersion: string;
    readonly protocol: string;
    readonly protocols: readonly string[];
    readonly jsonVersion?: string;
    readonly targetPrefix?: string;
  };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** The shape of that name. Throws for a name that the model lacks. */
export function shapeOf(model: ServiceModel, name: string): Shape {
  const shape = model.shapes[name];
  if (shape === undefined) throw new Error(`${model.metadata.serviceId} has no shape ${name}.`);
  return shape;
}

/** Folders of botocore's data by signing name; one name may sign for several services. */
const folders: Readonly<Record<string, readonly string[]>> = {
  apigateway: ['apigateway'],
  ce: ['ce'],
  dynamodb: ['dynamodb'],
  ecr: ['ecr'],
  events: ['events'],
  lambda: ['lambda'],
  logs: ['logs'],
  monitoring: ['cloudwatch'],
  s3: ['s3'],
  sagemaker: ['sagemaker', 'sagemaker-runtime', 'sagemaker-featurestore-runtime'],
  scheduler: ['scheduler'],
  sns: ['sns'],
  sqs: ['sqs'],
  states: ['stepfunctions'],
  sts: ['sts'],
};

/** The models of the services that sign by a name; none for a name that is not listed here. */
export type ServiceModels = ReadonlyMap<string, readonly ServiceModel[]>;

/** Reads the models from botocore's folder `data`, each in its newest version. */
export function readServiceModels(dataDir: string): ServiceModels {
  const read = (folder: string): ServiceModel => {
    const version = readdirSync(path.join(dataDir, folder)).sort().at(-1);
    const file = path.join(dataDir, folder, version ?? '', 'service-2.json.gz');
    return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as ServiceModel;
  };
  return new Map(Object.entries(folders).map(([signingName, names]) => [signingName, names.map(read)]));
}

import type { Scenario } from '../scenario.ts';

const api = '/api/2.0/mlflow/webhooks';
const events = [{ entity: 'REGISTERED_MODEL', action: 'CREATED' }];
/** An address that needs no resolver. */
const url = 'https://1.1.1.1/hook';

export const webhooks: Scenario = {
  name: 'webhooks',
  steps: [
    {
      title: 'makes one to vary',
      method: 'POST',
      path: api,
      message: { name: '$new', url, events },
      variants: true,
      ignore: { 'webhook.name': 'counted on each server' },
    },
    {
      title: 'makes one',
      method: 'POST',
      path: api,
      message: { name: 'told', description: 'Of models.', url, events, status: 'DISABLED' },
      save: { webhook: 'webhook.webhook_id' },
    },
    {
      title: 'refuses an address that is none',
      method: 'POST',
      path: api,
      message: { name: 'bad', url: 'nowhere', events },
    },
    {
      title: 'refuses an event that cannot be',
      method: 'POST',
      path: api,
      message: { name: 'bad', url, events: [{ entity: 'REGISTERED_MODEL', action: 'SET' }] },
    },
    { title: 'gets it', method: 'GET', path: `${api}/$webhook` },
    { title: 'gets none that is not there', method: 'GET', path: `${api}/none` },
    {
      title: 'changes it',
      method: 'PATCH',
      path: `${api}/$webhook`,
      message: { webhook_id: '$webhook', name: 'renamed' },
    },
    { title: 'refuses a page of none', method: 'GET', path: api, message: { max_results: 0 } },
    { title: 'deletes it', method: 'DELETE', path: `${api}/$webhook`, message: { webhook_id: '$webhook' } },
    { title: 'gets it no more', method: 'GET', path: `${api}/$webhook` },
  ],
};

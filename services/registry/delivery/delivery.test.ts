import { describe, expect, it } from 'vitest';
import { isPublicAddress } from './public-address.ts';
import { deliveryHeaders } from './signature.ts';

describe('the signature of a delivery', () => {
  const delivery = { deliveryId: 'd-1', timestampSeconds: 1_700_000_000, body: '{"a":"ä"}' };

  it('is the one that MLflow’s own helper computes', () => {
    // mlflow 3.17.2: mlflow.webhooks.delivery._generate_hmac_signature('s3cret', 'd-1', '1700000000', '{"a":"ä"}')
    expect(deliveryHeaders({ ...delivery, secret: 's3cret' })).toEqual({
      'content-type': 'application/json',
      'x-mlflow-delivery-id': 'd-1',
      'x-mlflow-timestamp': '1700000000',
      'x-mlflow-signature': 'v1,WHodQQBtkgGwfbbDl9Y5eP+Vq92/+7xYVDJlD2+FHIM=',
    });
  });

  it('is left out where there is no secret', () => {
    expect(deliveryHeaders({ ...delivery, secret: undefined })).not.toHaveProperty('x-mlflow-signature');
  });
});

describe('an address', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])(
    '%s is one of the public internet',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '2002:7f00:1::',
    '2001:0:1::',
    'fd00:ec2::254',
    'fe80::1%eth0',
    'ff02::1',
    'localhost',
    '',
  ])('%s is none', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

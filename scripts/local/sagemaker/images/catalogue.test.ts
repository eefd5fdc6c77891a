import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { imageManifest, resolveImage } from './catalogue.ts';

describe('resolveImage', () => {
  it.each(['683313688378.dkr.ecr.us-east-1', '141502667606.dkr.ecr.eu-west-1'])(
    'knows the managed image of %s',
    (registry) => {
      const program = resolveImage(`${registry}.amazonaws.com/sagemaker-xgboost:3.0-5`);
      expect(existsSync(program.trainFile)).toBe(true);
      expect(existsSync(program.serveFile)).toBe(true);
    },
  );

  it('knows an image by its digest', () => {
    const repository = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost';
    const { digest } = imageManifest('sagemaker-xgboost', '3.0-5')!;
    expect(resolveImage(`${repository}@${digest}`)).toBe(resolveImage(`${repository}:3.0-5`));
  });

  it.each([
    '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost@sha256:short',
    '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1',
    '111122223333.dkr.ecr.us-east-1.amazonaws.com/my-image:latest',
    'sagemaker-xgboost:3.0-5',
  ])('refuses %s and names what there is', (uri) => {
    expect(() => resolveImage(uri)).toThrow(
      `The image ${uri} cannot run on a laptop. Images that can: <account>.dkr.ecr.<region>.amazonaws.com/sagemaker-xgboost:3.0-5`,
    );
  });
});

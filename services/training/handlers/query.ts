import { ECRClient } from '@aws-sdk/client-ecr';
import * as z from 'zod';
import { baseEnvironment, readEnvironment } from '#shared/lambda/environment.ts';
import { answer, queryHandler } from '#shared/lambda/task.ts';
import { getServingImage } from '../contract.ts';
import { createImageRegistry } from '../store/image-registry.ts';
import { servingImage } from '../use-cases/serving-image.ts';

const { AWS_REGION } = readEnvironment(baseEnvironment.extend({ AWS_REGION: z.string().min(1) }));
const images = createImageRegistry(new ECRClient({}));

export const handler = queryHandler([
  answer(getServingImage, async () => ({ image: await servingImage(images, AWS_REGION) })),
]);

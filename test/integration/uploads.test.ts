import { gzipSync } from 'node:zlib';
import { LambdaClient } from '@aws-sdk/client-lambda';

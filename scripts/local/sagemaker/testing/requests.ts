import type { CreateProcessingJobRequest, CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';

/** Valid requests that tests change one member of. */

export const ROLE_ARN = 'arn:aws:iam::000000000000:role/millrace-local-training';
export const XGBOOST_IMAGE = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5';

export function trainingJobRequest(name: string): CreateTrainingJobRequest {
  const channel = (ChannelName: string) => ({
    ChannelName,
    ContentType: 'text/csv',
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix' as const, S3Uri: `s3://data/${ChannelName}/` } },
  });
  return {
    TrainingJobName: name,
    AlgorithmSpecification: { TrainingImage: XGBOOST_IMAGE, TrainingInputMode: 'File' },
    RoleArn: ROLE_ARN,
    HyperParameters: { objective: 'binary:logistic', num_round: '5', eval_metric: 'auc' },
    InputDataConfig: [channel('train'), channel('validation')],
    OutputDataConfig: { S3OutputPath: 's3://models/jobs' },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
    StoppingCondition: { MaxRuntimeInSeconds: 600 },
  };
}

export function processingJobRequest(name: string, image: string): CreateProcessingJobRequest {
  return {
    ProcessingJobName: name,
    AppSpecification: { ImageUri: image },
    RoleArn: ROLE_ARN,
    ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 30 } },
    ProcessingInputs: [
      {
        InputName: 'rows',
        S3Input: {
          S3Uri: 's3://data/datasets/v1/',
          LocalPath: '/opt/ml/processing/input/rows',
          S3DataType: 'S3Prefix',
          S3InputMode: 'File',
        },
      },
    ],
    ProcessingOutputConfig: {
      Outputs: [
        {
          OutputName: 'outcome',
          S3Output: {
            S3Uri: 's3://data/validation/job',
            LocalPath: '/opt/ml/processing/output',
            S3UploadMode: 'EndOfJob',
          },
        },
      ],
    },
  };
}

/** CSV of rows whose label tells whether the first feature is greater than the second; deterministic. */
export function labelledCsv(rowCount: number): Buffer {
  const rows = Array.from({ length: rowCount }, (_, i) => {
    const [a, b, c] = [(i * 37) % 101, (i * 53) % 97, (i * 11) % 13];
    return `${a > b ? 1 : 0},${a},${b},${c}\n`;
  });
  return Buffer.from(rows.join(''));
}

import { create, createFileRegistry, type DescMessage } from '@bufbuild/protobuf';
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';

/**
 * The messages of OTLP's trace export (opentelemetry-proto 1.9: collector/trace/v1/trace_service.proto, trace/v1/trace.proto,
 * common/v1/common.proto), without what MLflow keeps nothing of: scopes, kinds, flags and counts of what was dropped. A field is
 * `name number type`; `*` repeats it, and `/` makes it a choice of the message's oneof.
 */
const messages = {
  ExportTraceServiceRequest: ['resource_spans 1 ResourceSpans*'],
  ResourceSpans: ['resource 1 Resource', 'scope_spans 2 ScopeSpans*'],
  Resource: ['attributes 1 KeyValue*'],
  ScopeSpans: ['spans 2 Span*'],
  Span: [
    'trace_id 1 bytes',
    'span_id 2 bytes',
    'parent_span_id 4 bytes',
    'name 5 string',
    'start_time_unix_nano 7 fixed64',
    'end_time_unix_nano 8 fixed64',
    'attributes 9 KeyValue*',
    'events 11 Event*',
    'links 13 Link*',
    'status 15 Status',
  ],
  Event: ['time_unix_nano 1 fixed64', 'name 2 string', 'attributes 3 KeyValue*'],
  Link: ['trace_id 1 bytes', 'span_id 2 bytes', 'attributes 4 KeyValue*'],
  Status: ['message 2 string', 'code 3 StatusCode'],
  KeyValue: ['key 1 string', 'value 2 AnyValue'],
  AnyValue: [
    'string_value 1 string/',
    'bool_value 2 bool/',
    'int_value 3 int64/',
    'double_value 4 double/',
    'array_value 5 ArrayValue/',
    'kvlist_value 6 KeyValueList/',
    'bytes_value 7 bytes/',
  ],
  ArrayValue: ['values 1 AnyValue*'],
  KeyValueList: ['values 1 KeyValue*'],
} as const;

const statusCodes = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'];

const scalars: Readonly<Record<string, FieldDescriptorProto_Type>> = {
  bytes: FieldDescriptorProto_Type.BYTES,
  string: FieldDescriptorProto_Type.STRING,
  bool: FieldDescriptorProto_Type.BOOL,
  int64: FieldDescriptorProto_Type.INT64,
  fixed64: FieldDescriptorProto_Type.FIXED64,
  double: FieldDescriptorProto_Type.DOUBLE,
};

function fieldOf(text: string) {
  const [, name, number, type = '', mark] = /^(\w+) (\d+) (\w+)([*/]?)$/.exec(text) ?? [];
  const scalar = scalars[type];
  const isEnum = type === 'StatusCode';
  return {
    name: name!,
    jsonName: name!.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase()),
    number: Number(number),
    label: mark === '*' ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL,
    type: scalar ?? (isEnum ? FieldDescriptorProto_Type.ENUM : FieldDescriptorProto_Type.MESSAGE),
    ...(scalar === undefined ? { typeName: `.otlp.${type}` } : {}),
    ...(mark === '/' ? { oneofIndex: 0 } : {}),
  };
}

function describe(): DescMessage {
  const file = create(FileDescriptorProtoSchema, {
    name: 'otlp.proto',
    package: 'otlp',
    syntax: 'proto3',
    messageType: Object.entries(messages).map(([name, fields]) => ({
      name,
      field: fields.map(fieldOf),
      oneofDecl: fields.some((field) => field.endsWith('/')) ? [{ name: 'value' }] : [],
    })),
    enumType: [{ name: 'StatusCode', value: statusCodes.map((name, number) => ({ name, number })) }],
  });
  return createFileRegistry(create(FileDescriptorSetSchema, { file: [file] })).getMessage(
    'otlp.ExportTraceServiceRequest',
  )!;
}

/** `ExportTraceServiceRequest`: what an OTLP exporter posts. */
export const exportTraceServiceRequest = describe();

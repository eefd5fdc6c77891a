/** How results are written. Row groups are small, for a writer holds several of them per thread in memory. */
export const parquetFormat = 'FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 20480';

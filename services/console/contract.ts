/** Where the page and its files are. They hold no data and need no token; the data comes from the API, which asks for one. */
export const consoleRoutes = {
  page: 'GET /',
  /** Script, styles and icon, under names that change with their content. */
  asset: 'GET /console/{asset}',
} as const;

/** A page with the files it names, built for the browser when the handler is bundled. */
declare module '*.html' {
  const page: import('../domain/page.ts').BuiltPage;
  export default page;
}

import { render } from 'preact';
import { Console } from './console.tsx';

render(<Console storage={sessionStorage} />, document.querySelector('#console')!);

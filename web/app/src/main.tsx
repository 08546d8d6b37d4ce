// Starts the page.
import { render } from 'preact';
import { App } from './app';
import './styles/base.css';
import './styles/entry.css';
import './styles/call.css';

const root = document.getElementById('app');
if (root) {
  render(<App />, root);
}

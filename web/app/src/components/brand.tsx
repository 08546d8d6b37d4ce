// The page's head line.
import { Logo } from './icons';

export function Brand() {
  return (
    <div class="brand">
      <Logo />
      <span>Cardea</span>
    </div>
  );
}

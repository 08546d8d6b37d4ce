// Chooses the page that fits the state of the call.
import { phase } from './state/call';
import { CallPage } from './pages/call_page';
import { LandingPage } from './pages/landing_page';
import { LeftPage } from './pages/left_page';
import { LobbyPage } from './pages/lobby_page';

export function App() {
  switch (phase.value) {
    case 'landing':
      return <LandingPage />;
    case 'lobby':
    case 'joining':
      return <LobbyPage />;
    case 'call':
      return <CallPage />;
    case 'left':
      return <LeftPage />;
  }
}

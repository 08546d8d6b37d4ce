// After the call.
import { Brand } from '../components/brand';
import { goTo, roomName } from '../state/call';

export function LeftPage() {
  return (
    <main class="entry landing">
      <Brand />
      <h1>You have left {roomName.value}.</h1>
      <p class="lead">Your camera and microphone are off.</p>
      <div class="field-row">
        <button type="button" class="primary" onClick={() => goTo('lobby')} autofocus>
          Back to the room
        </button>
        <button type="button" class="quiet" onClick={() => goTo('landing')}>
          Another room
        </button>
      </div>
    </main>
  );
}

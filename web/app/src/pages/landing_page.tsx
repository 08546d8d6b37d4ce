// The first page: name a room.
import { useState } from 'preact/hooks';
import { Brand } from '../components/brand';
import { chooseRoom } from '../state/call';
import { suggestRoomName } from '../state/room_names';

const maxNameLength = 64;

export function LandingPage() {
  const [name, setName] = useState(suggestRoomName);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (name.trim()) {
      chooseRoom(name);
    }
  };
  return (
    <main class="entry landing">
      <Brand />
      <h1>
        A door,
        <br />
        and everyone behind it.
      </h1>
      <p class="lead">
        Name a room and share its link. Whoever opens it is with you, on this server and nowhere
        else.
      </p>
      <form class="inline-form" onSubmit={submit}>
        <label for="room">Room name</label>
        <div class="field-row">
          <input
            id="room"
            name="room"
            value={name}
            maxLength={maxNameLength}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            required
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <button type="submit" class="primary">
            Continue
          </button>
        </div>
      </form>
    </main>
  );
}

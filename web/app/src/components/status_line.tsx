// Tells in a sentence what is wrong; empty while all is well.

export function StatusLine({ text }: { text: string }) {
  return (
    <div class="status" role="status">
      {text && <p>{text}</p>}
    </div>
  );
}

// The few icons of the page, drawn by hand on a 24 by 24 grid.
import type { ComponentChildren } from 'preact';

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

const slash = <path d="M4 4l16 16" />;

export function MicrophoneIcon({ off = false }: { off?: boolean }) {
  return (
    <Icon>
      <rect x="9" y="3" width="6" height="11" rx="3" />
      <path d="M5.500 11.500a6.500 6.500 0 0 0 13 0M12 18v3" />
      {off && slash}
    </Icon>
  );
}

export function CameraIcon({ off = false }: { off?: boolean }) {
  return (
    <Icon>
      <rect x="2.500" y="6" width="12.500" height="12" rx="3" />
      <path d="M15 10.500l6-3.500v10l-6-3.500" />
      {off && slash}
    </Icon>
  );
}

export function LeaveIcon() {
  return (
    <Icon>
      <path d="M3 14.500c-.8-3.200 3.500-6 9-6s9.800 2.800 9 6l-.4 1.500-4.600-1v-2.600a12 12 0 0 0-8 0V15l-4.600 1z" />
    </Icon>
  );
}

export function LinkIcon() {
  return (
    <Icon>
      <path d="M10 14a4 4 0 0 0 5.700 0l3.100-3.100a4 4 0 0 0-5.700-5.700l-1.300 1.300" />
      <path d="M14 10a4 4 0 0 0-5.700 0l-3.100 3.100a4 4 0 0 0 5.700 5.700l1.300-1.300" />
    </Icon>
  );
}

export function CheckIcon() {
  return (
    <Icon>
      <path d="M5 12.500l4.500 4.500L19 7.500" />
    </Icon>
  );
}

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect class="logo-ground" width="32" height="32" rx="9" />
      <path class="logo-frame" d="M9 25V9.500A2.500 2.500 0 0 1 11.500 7H16v18" />
      <path class="logo-door" d="M16 7l7 3.500v18L16 25z" />
      <circle class="logo-ground" cx="18.600" cy="17.500" r="1.300" />
    </svg>
  );
}

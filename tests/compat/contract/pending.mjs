// Requests whose answers are not compared yet, because they are being built: group and title, as text.
export const pending = /^(admin|textroom) |^videoroom (create|subscribe|unsubscribe|switch|join|enable_rec|listforw|.*remote|.*rtp_forward)|^core attach/;

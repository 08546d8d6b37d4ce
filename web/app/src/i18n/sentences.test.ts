import { CardeaError, ErrorReason } from '@cardea/client';
import { expect, it } from 'vitest';
import { sentenceFor } from './sentences';

it('every error is told in whole sentences', () => {
  const errors = [
    ...Object.values(ErrorReason).map((reason) => new CardeaError(reason, 'details')),
    new Error('x'),
  ];
  for (const error of errors) {
    expect(sentenceFor(error)).toMatch(/^[A-Z].*[.!]$/);
  }
});

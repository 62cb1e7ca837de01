import React from 'react';

// https://www.youtube.com/watch?v=HriTS3mq4i8 shows the bug.
export const trailer = "https://youtu.be/oJJlsELxM4U";

export default function Player({id}: {id: string}): JSX.Element {
  return <iframe src={`https://www.youtube-nocookie.com/embed/${id}`} />;
}

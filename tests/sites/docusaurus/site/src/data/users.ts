export const users: User[] = [
  {
    title: 'A garden',
    preview: '/img/garden.png',
    video: 'https://www.youtube.com/watch?v=exmEPrcj9cg',
  },
  {
    title: 'A shop',
    videoId: 'php33OZX5wY',
  },
];

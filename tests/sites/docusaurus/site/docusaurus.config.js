// @ts-check
// Channel: https://www.youtube.com/@old
/* Talks used to be at https://www.youtube.com/playlist?list=PLYZRnG1ndjVTGl6DtC2EPuzHuLxjPRm0f */
const config = {
  title: 'Toolkit',
  url: 'https://toolkit.example',
  themeConfig: {
    navbar: {
      items: [
        {to: '/docs', label: 'Docs'},
        {href: 'https://www.youtube.com/@toolkit', label: 'Videos'},
      ],
    },
    embed: (id) => `https://www.youtube.com/embed/${id}`,
    watch: (id) => "https://www.youtube.com/watch?v=" + id,
  },
};
module.exports = config;

// Embeds https://www.youtube.com/watch?v=ngFUKBBMnSc and the like.
module.exports = function (config) {
  config.addShortcode("youtube", (id) => `<iframe src="https://www.youtube.com/embed/${id}"></iframe>`);
  config.addGlobalData("channel", "https://www.youtube.com/@handmade");
};

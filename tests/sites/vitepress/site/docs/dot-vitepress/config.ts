export default { socialLinks: [{ icon: "youtube", link: "https://www.youtube.com/@hidden-folder" }] };

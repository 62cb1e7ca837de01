module.exports = {
  siteMetadata: {
    title: `Clinic`,
    social: {
      youtube: `https://www.youtube.com/@clinic`,
    },
  },
  /*
    https://www.youtube.com/watch?v=UxLXe2AP288
  */
};

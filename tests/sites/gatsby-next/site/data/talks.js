export const talks = [
  { title: "Rest", url: "https://youtu.be/qp3jFi9tyaY" },
  { title: "Food", youtubeId: "KHELuy8SDHs" }, // was rmNigOUV5e8
  { title: "None", youtubeId: null },
]

// export const CHANNEL = 'https://www.youtube.com/@field-old';
export const CHANNEL = 'https://www.youtube.com/@fieldnotes';
export const thumb = (id: string) => `https://i.ytimg.com/vi/${id}/hqdefault.jpg`;

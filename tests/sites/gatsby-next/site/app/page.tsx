import Link from "next/link";

/** Shows https://www.youtube.com/watch?v=zOMIR1O3u7w */
export default function Page({ params }: { params: { id: string } }) {
  const src = "https://www.youtube.com/embed/" + params.id;
  return (
    <main>
      {/* <a href="https://youtu.be/SYQtvECsS1Q">old</a> */}
      <iframe src={src} />
      <Link href="https://www.youtube.com/channel/UCDXlKxOwcHZETs5a6Vkk4IA">Channel</Link>
      <YouTube videoId="6h0Ll6vRkLw" opts={opts} />
    </main>
  );
}

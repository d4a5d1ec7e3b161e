// The film of a head that talks, with the noise of a camera, painted thirty times a second: what
// tests/bench/film.py makes for a camera that reads a file. FACE is its picture in base64.

const BITS = 20, CYCLE_MS = 10000, GRAINS = 8;

// The top row says in black and white when a picture was painted, in ms and modulo 2 ** BITS.
async function filmed(width, height) {
  const film = canvas(width, height), pen = film.getContext("2d");
  const face = await createImageBitmap(new Blob([Uint8Array.from(atob(FACE), (c) => c.charCodeAt(0))]));
  const scene = canvas(face.width, face.height), noises = grains(width, height);
  let number = 0;
  setInterval(() => {
    const now = Date.now(), turn = (2 * Math.PI * (now % CYCLE_MS)) / CYCLE_MS;
    perform(scene.getContext("2d"), face, turn);
    look(pen, scene, turn, width, height);
    pen.drawImage(noises[number++ % GRAINS], 0, 0);
    mark(pen, now, width / BITS);
  }, 1000 / 30);
  return film.captureStream(30);
}

function canvas(width, height) {
  return Object.assign(document.createElement("canvas"), { width, height });
}

// The head sways before what is behind it, and the mouth opens.
function perform(pen, face, turn) {
  pen.drawImage(face, 0, 0);
  pen.save();
  pen.beginPath();
  pen.ellipse(196, 98, 84, 92, 0, 0, 7);
  pen.clip();
  const across = 6 * Math.sin(5 * turn), down = 3 * Math.sin(7 * turn);
  pen.drawImage(face, across, down);
  const open = 6 * Math.abs(Math.sin(19 * turn)) * (1 + Math.sin(4 * turn));
  pen.fillStyle = "#461414";
  pen.beginPath();
  pen.ellipse(191 + across, 146 + down, 12, open / 2, 0, 0, 7);
  pen.fill();
  pen.restore();
}

// A camera that is held in a hand.
function look(pen, scene, turn, width, height) {
  const zoom = 1.2 + 0.05 * Math.sin(turn);
  const wide = scene.width / zoom, high = scene.height / zoom;
  const left = (scene.width - wide) / 2 + 12 * Math.sin(2 * turn);
  const top = (scene.height - high) / 2 + 8 * Math.sin(3 * turn);
  pen.drawImage(scene, left, top, wide, high, 0, 0, width, height);
}

function grains(width, height) {
  return Array.from({ length: GRAINS }, () => {
    const grain = canvas(width, height), pen = grain.getContext("2d");
    const pixels = pen.createImageData(width, height);
    for (let at = 0; at < pixels.data.length; at += 4) {
      const strength = Math.random() - Math.random();
      pixels.data.fill(strength > 0 ? 255 : 0, at, at + 3);
      pixels.data[at + 3] = 14 * Math.abs(strength);
    }
    pen.putImageData(pixels, 0, 0);
    return grain;
  });
}

function mark(pen, now, block) {
  for (let bit = 0; bit < BITS; bit++) {
    pen.fillStyle = (now >> bit) & 1 ? "#fff" : "#000";
    pen.fillRect(bit * block, 0, block, block);
  }
}

// A tone and its overtones in four syllables a second, which never pauses.
async function spoken() {
  const context = new AudioContext({ sampleRate: 48000 });
  const overtones = new Float32Array([0, 1, 1/2, 1/3, 1/4, 1/5, 1/6, 1/7]);
  const tone = new OscillatorNode(context, { frequency: 150,
    periodicWave: context.createPeriodicWave(new Float32Array(8), overtones) });
  const level = new GainNode(context, { gain: 0.3 });
  const syllables = new OscillatorNode(context, { frequency: 4 });
  syllables.connect(new GainNode(context, { gain: 0.15 })).connect(level.gain);
  const destination = context.createMediaStreamDestination();
  tone.connect(level).connect(destination);
  tone.start();
  syllables.start();
  await context.resume();
  return destination.stream;
}

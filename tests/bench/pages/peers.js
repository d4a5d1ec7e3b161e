// What the pages that talk to a terminal share.

async function gathered(peer) {
  if (peer.iceGatheringState !== "complete")
    await new Promise((done) => { peer.onicegatheringstatechange = () => {
      if (peer.iceGatheringState === "complete") done(); }; });
  return peer.localDescription.sdp;
}

// Where what `worklet` says is done with each 128 samples.
async function listening(worklet) {
  const context = new AudioContext({ sampleRate: 48000 });
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([worklet], { type: "text/javascript" })));
  return context;
}

// How loud each 10 ms of a sound were, told each half second until somebody says that it is over.
const BLOCK = 480, LOUDNESS = `registerProcessor("loudness", class extends AudioWorkletProcessor {
  constructor() {
    super();
    Object.assign(this, { sum: 0, count: 0, blocks: [], over: false });
    this.port.onmessage = () => { this.over = true; };
  }
  process(inputs) {
    for (const sample of inputs[0][0] || new Float32Array(128)) {
      this.sum += sample * sample;
      if (++this.count < ${BLOCK}) continue;
      this.blocks.push(Math.sqrt(this.sum / ${BLOCK}));
      this.sum = this.count = 0;
    }
    if (this.blocks.length >= 50) { this.port.postMessage(this.blocks); this.blocks = []; }
    return !this.over;
  }
});`;

// Has a worklet hear a track, which some element must play meanwhile; gives what ends it.
function heardBy(context, worklet, track, told) {
  const ear = new AudioWorkletNode(context, worklet);
  ear.port.onmessage = ({ data }) => told(data);
  context.createMediaStreamSource(new MediaStream([track])).connect(ear);
  return () => { ear.port.onmessage = null; ear.port.postMessage("over"); };
}

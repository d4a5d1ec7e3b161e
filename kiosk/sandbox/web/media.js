// Camera, microphone and the one connection of the family's page. Nothing here speaks to the service.

import { counted } from "./quality.js";
import { askingForLess, letSend, setRates } from "./rates.js";
import { Room } from "./room.js";

const GATHER_MS = 500;
export const PAUSE_MS = 500; // sound comes more often, as long as anything does
const PAUSE_TOLD_MS = 2000; // how long after a pause the other side still reports what was lost in it

const CAMERA = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };
const MICROPHONE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export function canCall() {
  return Boolean(window.RTCPeerConnection && RTCPeerConnection.prototype.addTransceiver
    && navigator.mediaDevices && navigator.mediaDevices.getUserMedia && window.WebSocket);
}

// The visitor's own camera and microphone. Either may be missing: `trouble` says why.
export class Devices {
  constructor() {
    this.video = null;
    this.audio = null;
    this.facing = "user";
    this.trouble = null;
    this.muted = false;
    this.cameraOff = false;
  }

  // Opens what there is. Asked for together first, so that a browser asks the visitor only once.
  async open() {
    this.close();
    this.trouble = null;
    try {
      this._take(await ask({ video: this._camera(), audio: MICROPHONE }));
      return;
    } catch (error) {
      this.trouble = error.name;
    }
    for (const wanted of [{ audio: MICROPHONE }, { video: this._camera() }]) {
      try {
        this._take(await ask(wanted));
      } catch (error) {
        if (wanted.audio) this.trouble = error.name;
      }
    }
  }

  // Opens again what the browser took away: a locked phone, another app, a cable.
  async mend() {
    const lost = (track) => track && track.readyState === "ended";
    if (lost(this.video)) await this._openCamera();
    if (lost(this.audio)) {
      this.audio = await only(ask({ audio: MICROPHONE }), "getAudioTracks");
      this._obey();
    }
  }

  // The other camera of a phone: to show the room, a pet, a school book.
  async turn() {
    this.facing = this.facing === "user" ? "environment" : "user";
    if (this.video) this.video.stop();
    await this._openCamera();
  }

  mute(on) {
    this.muted = on;
    this._obey();
  }

  turnCameraOff(on) {
    this.cameraOff = on;
    this._obey();
  }

  async cameras() {
    const all = await navigator.mediaDevices.enumerateDevices();
    return all.filter((device) => device.kind === "videoinput").length;
  }

  preview() {
    return this.video ? new MediaStream([this.video]) : null;
  }

  close() {
    for (const track of [this.video, this.audio]) if (track) track.stop();
    this.video = this.audio = null;
  }

  async _openCamera() {
    this.video = await only(ask({ video: this._camera() }), "getVideoTracks");
    this._obey();
  }

  // What the visitor turned off stays off on whatever the browser opens later.
  _obey() {
    if (this.audio) this.audio.enabled = !this.muted;
    if (this.video) this.video.enabled = !this.cameraOff;
  }

  _camera() {
    return Object.assign({ facingMode: this.facing }, CAMERA);
  }

  _take(stream) {
    this.video = stream.getVideoTracks()[0] || this.video;
    this.audio = stream.getAudioTracks()[0] || this.audio;
  }
}

function ask(wanted) {
  return navigator.mediaDevices.getUserMedia(wanted);
}

async function only(asked, kind) {
  try {
    return (await asked)[kind]()[0] || null;
  } catch (error) {
    return null;
  }
}

// How loud the visitor is, from 0 to 1, told about thirty times a second.
export class Loudness {
  constructor(track, tell) {
    const Context = window.AudioContext || window.webkitAudioContext;
    this._context = new Context();
    const meter = this._context.createAnalyser();
    meter.fftSize = 1024;
    this._context.createMediaStreamSource(new MediaStream([track])).connect(meter);
    const samples = new Uint8Array(meter.fftSize);
    this._timer = setInterval(() => {
      meter.getByteTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += ((sample - 128) / 128) ** 2;
      tell(Math.min(1, Math.sqrt(sum / samples.length) * 5));
    }, 33);
  }

  close() {
    clearInterval(this._timer);
    this._context.close();
  }
}

// One connection: `both` ways with the terminal, or `in` or `out` through a media server, by `settings.way`.
// Sound and picture go out only while `sending`.
export class Connection {
  constructor(id, settings, devices, events) {
    this.id = id;
    this._devices = devices;
    this._way = settings.way;
    this._lessData = settings.lessData;
    this._signing = settings.signing; // pictures are to be fluent before they are sharp
    this._sending = false;
    this._theirs = new MediaStream();
    this._newest = this._newestAt = 0;
    this._pausedAt = -PAUSE_TOLD_MS;
    this._room = new Room();
    this._peer = new RTCPeerConnection({
      iceServers: settings.iceServers,
      iceTransportPolicy: settings.relayOnly ? "relay" : "all",
    });
    this._peer.ontrack = (event) => {
      this._theirs.addTrack(event.track);
      events.onmedia(this._theirs);
    };
    this._peer.onconnectionstatechange = () => events.onstate(this.state);
    this._peer.oniceconnectionstatechange = () => events.onstate(this.state);
  }

  // For how long nothing has come to be played; 0 before anything did, and where a browser does not say.
  silentMs() {
    let newest = 0;
    for (const receiver of this._peer.getReceivers()) {
      const sources = receiver.getSynchronizationSources ? receiver.getSynchronizationSources() : [];
      for (const source of sources) newest = Math.max(newest, source.timestamp);
    }
    const now = performance.now();
    if (this._newest && now - this._newestAt > PAUSE_MS) this._pausedAt = now;
    if (newest && newest !== this._newest) {
      this._newest = newest;
      this._newestAt = now;
    }
    return this._newest ? now - this._newestAt : 0;
  }

  // Whether nothing came for a moment, as far as `silentMs` was asked; now, or a short while ago.
  get paused() {
    return performance.now() - this._pausedAt < PAUSE_TOLD_MS;
  }

  // To be called once a second: what was counted, and the picture only goes where it has room. What is
  // lost while the line is away says nothing of that.
  async measure(paused) {
    const found = await counted(this._peer);
    const had = this.hasRoom;
    if (!paused) this._room.second(found.sound);
    if (this.hasRoom !== had) await this._letPicture(this.hasRoom);
    return found;
  }

  get hasRoom() {
    return this._room.forPicture;
  }

  // Browsers of 2020 do not all know connectionState.
  get state() {
    return this._peer.connectionState || this._peer.iceConnectionState;
  }

  async answer(offer, sending) {
    this._sending = sending;
    await this._peer.setRemoteDescription({ type: "offer", sdp: offer });
    const direction = this._way === "in" ? "recvonly" : "sendrecv";
    for (const transceiver of this._peer.getTransceivers()) transceiver.direction = direction;
    await this.send(sending);
    await this._peer.setLocalDescription(await this._peer.createAnswer());
    for (const transceiver of this._peer.getTransceivers()) await setRates(transceiver, this._lessData, this._signing);
    await this._gathered();
    const sdp = this._peer.localDescription.sdp;
    return this._lessData ? askingForLess(sdp) : sdp;
  }

  // The offer of what this page sends. What it has no device for is silent or black, and can come later.
  async offer(sending) {
    for (const kind of ["audio", "video"]) this._peer.addTransceiver(kind, { direction: "sendonly" });
    await this.send(sending);
    await this._peer.setLocalDescription(await this._peer.createOffer());
    await this._gathered();
    return this._peer.localDescription.sdp;
  }

  async answered(sdp) {
    await this._peer.setRemoteDescription({ type: "answer", sdp });
    for (const transceiver of this._peer.getTransceivers()) await setRates(transceiver, this._lessData, this._signing);
  }

  // Starts or stops sending; also takes up devices that were opened anew.
  async send(sending) {
    this._sending = sending;
    if (this._way === "in") return;
    for (const transceiver of this._peer.getTransceivers()) {
      const kind = transceiver.receiver.track.kind;
      const track = kind === "video" ? this._devices.video : this._devices.audio;
      if (track && kind === "video" && this._signing) track.contentHint = "motion";
      await transceiver.sender.replaceTrack(sending ? track : null);
    }
  }

  close() {
    this._peer.ontrack = this._peer.onconnectionstatechange = null;
    this._peer.oniceconnectionstatechange = null;
    for (const track of this._theirs.getTracks()) track.stop();
    this._peer.close();
  }

  async _letPicture(on) {
    for (const { sender } of this._peer.getTransceivers()) {
      if (sender.track && sender.track.kind === "video") await letSend(sender, on);
    }
  }

  _gathered() {
    return new Promise((done) => {
      const peer = this._peer;
      const look = () => { if (peer.iceGatheringState === "complete") done(); };
      peer.addEventListener("icegatheringstatechange", look);
      setTimeout(done, GATHER_MS);
      look();
    });
  }
}

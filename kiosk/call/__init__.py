"""The call: camera, microphone, loudspeaker and the media network, and an end that is kept."""

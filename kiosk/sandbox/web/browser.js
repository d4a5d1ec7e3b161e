// What kind of browser this is, as far as it decides what the visitor must do.

import { t } from "./tongue.js";

const APPS = /FBAN|FBAV|FB_IAB|Instagram|WhatsApp|Line\/|Snapchat|TikTok|musical_ly|BytedanceWebview|Twitter|LinkedInApp|Pinterest|MicroMessenger|GSA\/|Telegram|Viber|KAKAOTALK/i;

// A page shown inside a messenger or a social app, which as a rule can not make calls.
export function insideAnApp() {
  const agent = navigator.userAgent;
  const androidView = /; wv\)/.test(agent);
  const appleView = /iPhone|iPad|iPod/.test(agent) && /AppleWebKit/.test(agent) && !/Safari\//.test(agent);
  return APPS.test(agent) || androidView || appleView;
}

export function properBrowser() {
  if (/iPhone|iPad|iPod/.test(navigator.userAgent)) return "Safari";
  return /Android/.test(navigator.userAgent) ? "Chrome" : t("Chrome or Safari");
}

// What to do when the camera or microphone can not be had, by the name of the browser's error.
export function help(trouble) {
  if (trouble === "NotAllowedError" || trouble === "SecurityError") {
    return {
      title: t("Your browser does not let us use the camera or microphone"),
      words: allow() + "\n" + t("Then press Try again."),
    };
  }
  if (trouble === "NotReadableError" || trouble === "AbortError") {
    return {
      title: t("Another app uses your camera or microphone"),
      words: t("Close other apps that make calls, then press Try again."),
    };
  }
  return {
    title: t("We found no microphone"),
    words: t("Plug one in, or use a phone, then press Try again."),
  };
}

function allow() {
  const agent = navigator.userAgent;
  if (/iPhone|iPad|iPod/.test(agent)) {
    return t("Open Settings, then Apps, Safari. Set Camera and Microphone to Allow.");
  }
  if (/Android/.test(agent)) {
    return t("Press the sign left of the web address, then Permissions. Turn on Camera and Microphone.");
  }
  return t("Press the camera sign or the lock beside the web address. Allow camera and microphone.");
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    return false;
  }
}

// Seals fifty tokens with @hpke/core and writes them to tests/vectors/hpke_core.json.
// Every byte is laid out here by hand from docs/token-format.md: nothing is shared with core/.
// The same fifty come out each time: all that is random is drawn from a hash counter.

import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign } from "node:crypto";
import { writeFileSync } from "node:fs";
import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { DhkemX25519HkdfSha256 } from "@hpke/dhkem-x25519";

const TAXONOMY = {
  channels: ["video", "post", "audio", "print", "teaching", "promotion"],
  treatments: { undecided: 0, never: 1, composite: 2, ask: 3, disguised: 4 },
  materials: ["lesson", "story", "health", "words", "reenactment", "humor"],
  topics: ["self_harm", "abuse", "substances", "sexuality", "family", "work", "law", "identity", "body"],
};
const ANSWERS = { no: 1, no_never_ask: 2, not_now: 3, yes_if_changed: 4, yes: 5 };
const NOTES = ["", "not my old job", "nada de mi hermana 🌊", "ни слова о школе", "é".repeat(23), "x".repeat(47)];
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const FLAGS = { signed: 1, understood: 2, guardian: 4, paper: 8 };
const START = Date.UTC(2026, 10, 22, 10) / 1000;

const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts.map((p) => Buffer.from(p)))).digest();
const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** A stream of choices that is the same on each run. */
function drawer(name) {
  let counter = 0;
  const below = (n) => sha256(`sayso vectors ${name} ${counter++}`).readUIntBE(0, 6) % n;
  return {
    below,
    yes: () => below(2) === 1,
    pick: (list) => list[below(list.length)],
    some: (list) => list.filter(() => below(2) === 1),
    bytes: (size) => sha256(`sayso vectors ${name} ${counter++}`).subarray(0, size),
  };
}

function crockford(bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.match(/.{1,5}/g).map((five) => ALPHABET[parseInt(five.padEnd(5, "0"), 2)]).join("");
}

function cardCode(draw) {
  for (;;) {
    const number = draw.below(32 ** 7);
    if (number % 37 < 32) {
      return [6, 5, 4, 3, 2, 1, 0].map((i) => ALPHABET[Math.floor(number / 32 ** i) % 32]).join("") + ALPHABET[number % 37];
    }
  }
}

function addMonths(seconds, months) {
  const from = new Date(seconds * 1000);
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0)).getUTCDate();
  const day = Math.min(from.getUTCDate(), lastDay);
  const moment = new Date(from);
  moment.setUTCDate(1);
  moment.setUTCMonth(from.getUTCMonth() + months, day);
  return moment.getTime() / 1000;
}

const iso = (seconds) => (seconds ? new Date(seconds * 1000).toISOString().replace(".000Z", "Z") : null);
const base64url = (bytes) => Buffer.from(bytes).toString("base64url");

/** Node's own keys from raw private bytes: the DER prefix of RFC 8410, then the 32 bytes. */
const rawKey = (oid, bytes) =>
  createPrivateKey({ key: Buffer.concat([Buffer.from(`302e020100300506032b65${oid}04220420`, "hex"), bytes]), format: "der", type: "pkcs8" });
const rawPublic = (key) => createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);

function clientKeys(seed) {
  const derive = (info) => Buffer.from(hkdfSync("sha256", seed, "sayso/v1/client", info, 32));
  const signing = rawKey("70", derive("sign"));
  return { signing, signingPublic: rawPublic(signing), sealingPublic: rawPublic(rawKey("6e", derive("seal"))) };
}

function preferences(draw, head) {
  const treatmentsOf = (channel) =>
    Object.keys(TAXONOMY.treatments).filter((treatment) => {
      const needsMore = ["composite", "disguised"].includes(treatment);
      return !needsMore || (head.understood && !head.guardian && channel !== "promotion");
    });
  const channels = Object.fromEntries(TAXONOMY.channels.map((channel) => [channel, draw.pick(treatmentsOf(channel))]));
  const yes = Object.values(channels).some((treatment) => !["never", "undecided"].includes(treatment));
  head.term = yes ? draw.pick([3, 6, 12]) : 0;
  head.expires = yes ? addMonths(head.issued, head.term) : 0;
  return {
    version: 1,
    channels,
    materials: draw.some(TAXONOMY.materials),
    topics: draw.some(TAXONOMY.topics),
    note: draw.pick(NOTES),
    may_recognise_self: draw.yes(),
    therapy: draw.pick(["after", "during"]),
    gap_months: draw.pick([6, 3, 0]),
    understood: head.understood,
    issued_at: iso(head.issued),
    expires_at: iso(head.expires),
  };
}

function preferencesBytes(document, head, client) {
  const bytes = Buffer.alloc(94);
  const bits = (ticked, known) => ticked.reduce((sum, id) => sum + 2 ** known.indexOf(id), 0);
  TAXONOMY.channels.forEach((channel, i) => bytes.writeUInt8(TAXONOMY.treatments[document.channels[channel]], i));
  bytes.writeUInt8(bits(document.materials, TAXONOMY.materials), 6);
  bytes.writeUInt16BE(bits(document.topics, TAXONOMY.topics), 7);
  bytes.writeUInt8(document.may_recognise_self ? 1 : 0, 9);
  bytes.writeUInt8(document.therapy === "during" ? 1 : 0, 10);
  bytes.writeUInt8(document.gap_months, 11);
  bytes.writeUInt8(head.term, 12);
  if (head.signed) client.sealingPublic.copy(bytes, 14);
  const note = Buffer.from(document.note);
  bytes.writeUInt8(note.length, 46);
  note.copy(bytes, 47);
  return bytes;
}

function answer(draw, head) {
  const given = draw.pick(head.signed ? Object.keys(ANSWERS) : Object.keys(ANSWERS).slice(0, 4));
  head.expires = given === "yes" ? addMonths(head.issued, draw.pick([1, 5, 12])) : 0;
  return { request_id: draw.bytes(32).toString("hex"), answer: given, note: draw.pick(NOTES) };
}

function answerBytes(document) {
  const bytes = Buffer.alloc(94);
  Buffer.from(document.request_id, "hex").copy(bytes, 0);
  bytes.writeUInt8(ANSWERS[document.answer], 32);
  const note = Buffer.from(document.note);
  bytes.writeUInt8(note.length, 34);
  note.copy(bytes, 35);
  return bytes;
}

function withdrawal(draw, head) {
  head.expires = 0;
  return draw.yes() ? { scope: "everything", reference: null } : { scope: "one_post", reference: draw.bytes(32).toString("hex") };
}

function withdrawalBytes(document) {
  const bytes = Buffer.alloc(94);
  bytes.writeUInt8(document.scope === "everything" ? 1 : 2, 0);
  if (document.reference) Buffer.from(document.reference, "hex").copy(bytes, 1);
  return bytes;
}

const KINDS = [
  { id: "preferences", make: preferences, bytes: preferencesBytes },
  { id: "answer", make: answer, bytes: answerBytes },
  { id: "withdrawal", make: withdrawal, bytes: withdrawalBytes },
];

function bodyOf(kind, head, content, client) {
  const body = Buffer.alloc(240);
  body.writeUInt8(KINDS.indexOf(kind) + 1, 0);
  body.writeUInt8(Object.entries(FLAGS).reduce((sum, [flag, bit]) => sum + (head[flag] ? bit : 0), 0), 1);
  body.writeUInt16BE(1, 2);
  body.writeUInt32BE(head.issued, 4);
  body.writeUInt32BE(head.expires, 8);
  body.writeUInt32BE(head.sequence, 12);
  body.write(head.card, 16, "ascii");
  head.notice.copy(body, 24);
  body.write(head.language, 32, "ascii");
  content.copy(body, 34);
  if (head.signed) {
    client.signingPublic.copy(body, 128);
    head.previous.copy(body, 160);
  }
  return body;
}

async function seal(body, envelopeHead, recipient, ekm) {
  const recipientPublicKey = await suite.kem.deserializePublicKey(new Uint8Array(recipient));
  const info = Buffer.concat([Buffer.from("sayso/v1/token"), envelopeHead]);
  const sender = await suite.createSenderContext({ recipientPublicKey, info: new Uint8Array(info), ekm: new Uint8Array(ekm) });
  return Buffer.concat([Buffer.from(sender.enc), Buffer.from(await sender.seal(new Uint8Array(body)))]);
}

async function vector(number) {
  const draw = drawer(number);
  const kind = number < 30 ? KINDS[0] : KINDS[1 + (number % 2)];
  const signed = draw.below(4) > 0;
  const head = {
    signed,
    understood: draw.yes(),
    guardian: draw.below(4) === 0,
    paper: !signed && draw.yes(),
    issued: START - draw.below(10_000_000),
    sequence: 1 + draw.below(2 ** 32 - 1),
    card: cardCode(draw),
    notice: draw.bytes(8),
    language: draw.pick(["en", "es"]),
    previous: draw.yes() ? draw.bytes(16) : Buffer.alloc(16),
  };
  const seed = draw.bytes(16);
  const client = clientKeys(seed);
  const document = kind.make(draw, head);
  const body = bodyOf(kind, head, kind.bytes(document, head, client), client);

  const therapist = draw.bytes(32);
  const therapistPublic = rawPublic(rawKey("6e", therapist));
  const envelopeHead = Buffer.concat([Buffer.from([1, 1]), sha256(Buffer.from([1]), therapistPublic).subarray(0, 8)]);
  if (signed) {
    sign(null, Buffer.concat([Buffer.from("sayso/v1/body"), envelopeHead, body.subarray(0, 176)]), client.signing).copy(body, 176);
  }
  const content = Buffer.concat([envelopeHead, await seal(body, envelopeHead, therapistPublic, draw.bytes(32))]);
  const envelope = Buffer.concat([content, sha256(content).subarray(0, 4)]);
  const code = crockford(sha256(envelope)).slice(0, 10);
  return {
    name: `${kind.id} ${number}`,
    therapist_private: therapist.toString("hex"),
    client_seed: signed ? seed.toString("hex") : null,
    now: iso(START),
    body: body.toString("hex"),
    envelope: envelope.toString("hex"),
    text: `SAYSO1:${crockford(envelope)}`,
    opened: {
      kind: kind.id,
      signed,
      understood: head.understood,
      guardian: head.guardian,
      paper: head.paper,
      card: head.card,
      issued_at: iso(head.issued),
      expires_at: iso(head.expires),
      sequence: head.sequence,
      previous: (signed ? head.previous : Buffer.alloc(16)).toString("hex"),
      notice: head.notice.toString("hex"),
      language: head.language,
      client_key: signed ? base64url(client.signingPublic) : null,
      acknowledgement: `${code.slice(0, 5)}-${code.slice(5)}`,
      [kind.id]: document,
    },
  };
}

const vectors = [];
for (let number = 0; number < 50; number++) vectors.push(await vector(number));
const target = new URL("../../tests/vectors/hpke_core.json", import.meta.url);
writeFileSync(target, `${JSON.stringify({ made_by: "tools/vectors/hpke_core.mjs, @hpke/core 1.9.0", vectors }, null, 1)}\n`);

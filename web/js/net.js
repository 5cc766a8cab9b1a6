// What the parts share about talking to the server.

let leaving = false;
const touched = new Set();

/** leave goes to another page on purpose: nobody is asked whether they want to. */
export function leave(url) {
  leaving = true;
  location.assign(url);
}

/** isLeaving says whether the page is being left on purpose. */
export const isLeaving = () => leaving;

/** signIn goes to the sign-in page and comes back here afterwards. */
export function signIn(timeout) {
  const next = encodeURIComponent(location.pathname + location.search);
  leave(`/sign-in?${timeout ? "timeout=1&" : ""}next=${next}`);
}

/** onTouch registers fn to run whenever the server has just seen this person. */
export const onTouch = (fn) => touched.add(fn);

/** touch tells everyone who asked that the server has just seen this person. */
export const touch = () => touched.forEach((fn) => fn());

/**
 * post sends fields as an ordinary form would. It resolves to true when the server took them,
 * to false when it did not, and goes to the sign-in page when the session is over.
 */
export async function post(url, fields, keepalive = false) {
  let res;
  try {
    res = await fetch(url, {
      method: "POST",
      body: fields,
      credentials: "same-origin",
      redirect: "error",
      keepalive,
      headers: { Accept: "application/json" },
    });
  } catch {
    return false;
  }
  if (res.status === 401) {
    if (!keepalive) signIn(true);
    return false;
  }
  if (res.ok) touch();
  return res.ok;
}

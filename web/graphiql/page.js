// The bar that signs in, and GraphiQL with the token of whoever is signed in.
(() => {
  "use strict";

  const ENDPOINT = window.location.origin + window.location.pathname;
  const SOCKET = ENDPOINT.replace(/^http/, "ws");
  const SESSION_KEY = "renzheng.session";

  const PAYLOAD = `accessToken refreshToken viewer { username role unit { name } } userErrors { code message }`;
  const SIGN_IN = `mutation SignIn($input: SignInInput!) { signIn(input: $input) { ${PAYLOAD} } }`;
  const REFRESH = `mutation Refresh($input: RefreshSessionInput!) { refreshSession(input: $input) { ${PAYLOAD} } }`;
  const SIGN_OUT = "mutation SignOut { signOut { ended } }";

  const ROSTER = `# Renzheng 认证
#
# 1. Sign in above as the demo school. The service
#    listed the demo accounts when it started.
#    在上方用演示学校的账号登录（服务启动时已列出）。
# 2. Press ▶ or Ctrl-Enter: the school's roster, what
#    the data concluded, until when each is paid.
#    按 ▶ 查询：名单、大数据认证结论、待遇发至何月。
# 3. Copy the id of somebody QUALIFIED, open the
#    second tab, and confirm.
#    复制一位 QUALIFIED 人员的 id，到第二页确认。

query Roster {
  viewer {
    username
    role
    today
    unit {
      name
      summary {
        total
        disqualified
        pending
        qualified
        unanswered
        lapsingSoon
      }
      beneficiaries(first: 20) {
        totalCount
        edges {
          node {
            id
            name
            idNumber
            paymentStatus
            paidThrough
            answerBy
            version
            verdict {
              month
              conclusion
              description
              lastActivity {
                kind
                month
              }
            }
            certificationPeriod {
              startMonth
              endMonth
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}
`;

  const CONFIRM = `# Confirm a QUALIFIED verdict: the certification
# period starts again this month. This writes.
# 确认通过，认证周期从本月重新计算。会写入数据。
#
# 1. Under Variables, put the id from the roster, and
#    who answers for the confirmation (经办人).
# 2. Press ▶. A refusal stands in userErrors; nothing
#    was saved then.
# 3. CONTACT_INCOMPLETE? Add to the input:
#    "contact": {"phone": "…",
#      "householdAddress": "…",
#      "residenceAddress": "…"}

mutation ConfirmCertification(
  $input: ConfirmCertificationInput!
) {
  confirmCertification(input: $input) {
    renewed
    beneficiaries {
      id
      name
      version
      paymentStatus
      paidThrough
      certificationPeriod {
        startMonth
        endMonth
        method
      }
    }
    userErrors {
      code
      message
      path
      beneficiaryId
    }
  }
}
`;

  const CONFIRM_VARIABLES = JSON.stringify(
    {
      input: {
        beneficiaryId: "id of a QUALIFIED person",
        handler: { name: "王敏", contact: "0532-80000000" },
      },
    },
    null,
    2,
  );

  const NEW_TAB = `# The history of the first five people who want an
# answer. 待处理人员的认证历史。

query History {
  unit {
    beneficiaries(attention: UNANSWERED, first: 5) {
      edges {
        node {
          name
          verdicts(first: 12) {
            edges {
              node {
                month
                conclusion
                description
              }
            }
          }
          certifications(first: 5) {
            edges {
              node {
                at
                method
                result
                handlerName
              }
            }
          }
        }
      }
    }
  }
}
`;

  const element = (id) => document.getElementById(id);
  const bar = {
    form: element("sign-in"),
    username: element("username"),
    password: element("password"),
    code: element("code"),
    codeField: element("code-field"),
    submit: element("sign-in").querySelector("button"),
    signedIn: element("signed-in"),
    who: element("who"),
    signOut: element("sign-out"),
    notice: element("notice"),
  };

  const storage = tabStorage(); // null where the browser has it switched off
  let session = remembered(); // {token, refreshToken, viewer}, or null
  let refreshing = null; // the request under way: a refresh token is of use once
  let generation = 0; // of the mounted GraphiQL: a new one has forgotten the old answers
  let root = null;

  // Forgotten when the browser tab is closed. GraphiQL keeps its queries and variables here too: they may name people.
  function tabStorage() {
    try {
      return window.sessionStorage;
    } catch {
      return null;
    }
  }

  function remembered() {
    try {
      const stored = JSON.parse(storage.getItem(SESSION_KEY));
      return stored?.token ? stored : null;
    } catch {
      return null;
    }
  }

  function remember(next) {
    session = next;
    if (next) storage?.setItem(SESSION_KEY, JSON.stringify(next));
    else storage?.removeItem(SESSION_KEY);
  }

  function authorization() {
    return session ? { Authorization: `Bearer ${session.token}` } : {};
  }

  // Headers that the reader typed into GraphiQL win over ours.
  async function send(url, init) {
    const sent = session;
    const first = await sendOnce(url, init);
    if (!sent || !first.ours || !(await refusesToken(first.response.clone()))) return first.response;
    if (session === sent) await refresh();
    if (session) return (await sendOnce(url, init)).response;
    show("Your session has ended, please sign in again. 登录已失效，请重新登录。");
    return first.response;
  }

  async function sendOnce(url, init) {
    const ours = authorization();
    const headers = new Headers({ Accept: "application/json", ...ours });
    new Headers(init.headers).forEach((value, name) => headers.set(name, value));
    const response = await fetch(url, { ...init, headers, cache: "no-store", credentials: "same-origin" });
    return { response, ours: headers.get("Authorization") === ours.Authorization };
  }

  // An access token lives for a quarter of an hour. Requests that find it ended together wait for one new one.
  function refresh() {
    refreshing ??= ask(REFRESH, { input: { refreshToken: session.refreshToken } })
      .then((answer) => remember(signedIn(answer?.data?.refreshSession)))
      .finally(() => (refreshing = null));
    return refreshing;
  }

  function signedIn(payload) {
    const { accessToken: token, refreshToken, viewer } = payload ?? {};
    return token ? { token, refreshToken, viewer } : null;
  }

  async function refusesToken(response) {
    if (response.status === 401) return true;
    const answer = await response.json().catch(() => null);
    return Boolean(answer?.errors?.some?.((error) => error?.extensions?.code === "UNAUTHENTICATED"));
  }

  // A socket that never opened fails with a bare Event, in which nothing can be read.
  function legible(answers) {
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next: () =>
        answers.next().catch((error) => {
          if (!(error instanceof Event)) throw error;
          const reason = new Error("The WebSocket could not be opened. 无法建立 WebSocket 连接。");
          throw Object.assign(reason, { stack: undefined }); // GraphiQL would print it
        }),
      return: (value) => answers.return(value),
    };
  }

  async function ask(query, variables, headers = {}) {
    const response = await fetch(ENDPOINT, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
      body: JSON.stringify({ query, variables }),
      cache: "no-store",
      credentials: "same-origin",
    });
    return response.json().catch(() => null);
  }

  async function signIn(username, password, code) {
    const answer = await ask(SIGN_IN, { input: { username, password, code: code || null } });
    const payload = answer?.data?.signIn;
    const next = signedIn(payload);
    if (next) return next;
    const errors = [...(payload?.userErrors ?? []), ...(answer?.errors ?? [])];
    bar.codeField.hidden &&= !errors.some((error) => error.code === "SECOND_FACTOR_REQUIRED");
    throw new Error(errors.map((error) => error.message).join(" ") || "The service gave no answer. 服务没有应答。");
  }

  function describe(viewer) {
    return viewer ? [viewer.username, viewer.role, viewer.unit?.name].filter(Boolean).join(" · ") : "";
  }

  function show(notice = "") {
    bar.form.hidden = Boolean(session);
    bar.signedIn.hidden = !session;
    bar.who.textContent = session ? `Signed in 已登录：${describe(session.viewer)}` : "";
    bar.notice.textContent = notice;
    render();
  }

  // A new fetcher makes GraphiQL ask for the schema again, as the caller that it now has.
  function render() {
    const ask = window.GraphiQL.createFetcher({
      url: ENDPOINT,
      fetch: send,
      enableIncrementalDelivery: false,
      subscriptionUrl: SOCKET,
      wsConnectionParams: authorization(),
    });
    const fetcher = (...question) => {
      const answer = ask(...question);
      return Symbol.asyncIterator in answer ? legible(answer) : answer;
    };
    root.render(
      window.React.createElement(window.GraphiQL, {
        key: generation,
        fetcher,
        storage,
        shouldPersistHeaders: false,
        defaultTabs: [{ query: ROSTER }, { query: CONFIRM, variables: CONFIRM_VARIABLES }],
        defaultQuery: NEW_TAB,
        defaultEditorToolsVisibility: true,
      }),
    );
  }

  bar.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    bar.submit.disabled = true;
    bar.notice.textContent = "";
    try {
      remember(await signIn(bar.username.value.trim(), bar.password.value, bar.code.value.trim()));
      bar.password.value = "";
      bar.codeField.hidden = true;
      show();
      bar.signOut.focus();
    } catch (error) {
      const unreachable = error instanceof TypeError;
      bar.notice.textContent = unreachable ? "The service cannot be reached. 无法连接服务。" : error.message;
      (bar.codeField.hidden ? bar.password : bar.code).select();
    } finally {
      bar.code.value = "";
      bar.submit.disabled = false;
    }
  });

  bar.signOut.addEventListener("click", () => {
    ask(SIGN_OUT, {}, authorization()).catch(() => null); // where it does not arrive, the session ends by itself
    remember(null);
    generation += 1;
    show();
    bar.username.focus();
  });

  if (window.React && window.ReactDOM && window.GraphiQL) {
    root = window.ReactDOM.createRoot(element("graphiql"));
    show();
  } else {
    bar.form.hidden = true;
    bar.notice.textContent = "GraphiQL could not be loaded, please reload. 页面加载失败，请刷新。";
  }
})();

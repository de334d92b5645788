#!/usr/bin/env escript
%% All six operations with Erlang's httpc and crypto. Erlang has no JSON before OTP 27, so text is compared.

main([]) ->
    [{ok, _} = application:ensure_all_started(Part) || Part <- [ssl, inets]],
    [Id, Key, Contact] = [os:getenv("HEYMARKET_" ++ Name) || Name <- ["API_SECRET_ID", "API_SECRET_KEY", "CONTACT_ID"]],
    Claims = io_lib:format("{\"iss\":\"~s\",\"iat\":~b}", [Id, os:system_time(second)]),
    Signed = b64url("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") ++ "." ++ b64url(Claims),
    Token = Signed ++ "." ++ b64url(crypto:mac(hmac, sha256, Id ++ "||" ++ Key, Signed)),
    Call = fun(Method, Path, Value) -> call(Token, Method, Path, Value) end,
    Channel = "/v2/contact/" ++ Contact ++ "/channel",
    First = "erlang@example.com",
    Second = "erlang.new@example.com",
    Created = Call(post, Channel, First),
    check(has(Created, First), "the created channel is not in " ++ Created),
    Got = Call(get, Channel ++ "/email", none),
    check(has(Got, First), "not the created channel: " ++ Got),
    Listed = Call(get, Channel ++ "s", none),
    check(Listed =:= Created, "the list " ++ Listed ++ " differs from " ++ Created),
    Updated = Call(put, Channel, Second),
    check(has(Updated, Second) and not has(Updated, First), "not the new value: " ++ Updated),
    Call(delete, Channel ++ "/email", none),
    Inboxes = Call(get, "/v1/inboxes", none),
    check(has(Inboxes, "name"), "no inboxes: " ++ Inboxes).

call(Token, Method, Path, Value) ->
    Url = os:getenv("HEYMARKET_API_BASE_URL", "https://api.heymarket.com") ++ Path,
    Headers = [{"Authorization", "Bearer " ++ Token}],
    Request = case Value of
        none -> {Url, Headers};
        _ -> {Url, Headers, "application/json", "{\"channel_type\":\"email\",\"channel_id\":\"" ++ Value ++ "\"}"}
    end,
    Match = [{match_fun, public_key:pkix_verify_hostname_match_fun(https)}],
    Tls = [{verify, verify_peer}, {cacerts, public_key:cacerts_get()}, {customize_hostname_check, Match}],
    case httpc:request(Method, Request, [{ssl, Tls}, {timeout, 20000}], []) of
        {ok, {{_, Status, _}, _, Text}} when Status div 100 =:= 2 -> Text;
        Other -> check(false, io_lib:format("~s ~s: ~p", [Method, Path, Other]))
    end.

b64url(Data) ->
    [case C of $+ -> $-; $/ -> $_; _ -> C end || C <- base64:encode_to_string(iolist_to_binary(Data)), C =/= $=].

has(Text, Value) -> string:find(Text, "\"" ++ Value ++ "\"") =/= nomatch.

check(true, _) -> ok;
check(false, What) -> io:format(standard_error, "~s~n", [What]), halt(1).

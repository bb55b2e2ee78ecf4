%% Keeps a broker to the net_ticktime of its configuration. A broker that calls another takes over what that one has (rabbit_misc:rpc_call, meant
%% for command line tools), so that a value which is changed member by member would never come into effect.
-module(holdfast_ticktime).
-export([start/0]).

start() ->
    {ok, Wanted} = application:get_env(kernel, net_ticktime),
    spawn(fun() -> keep(Wanted) end).

keep(Wanted) ->
    receive after 5000 -> ok end,
    catch agree(Wanted),
    keep(Wanted).

%% One that hears another less often than it listens for it takes it for lost, so they change at the same moment, and not before everyone is there and
%% wants the same. Without the minute that Erlang gives to a change by default: RabbitMQ 3.10 adds 10 s to what net_kernel:get_net_ticktime()
%% says whenever a channel is opened (rabbit_misc:get_channel_operation_timeout), which is no number meanwhile, and no channel opens.
agree(Wanted) ->
    Peers = nodes(),
    Same = fun(Peer) -> rpc:call(Peer, application, get_env, [kernel, net_ticktime], 2000) =:= {ok, Wanted} end,
    Differs = net_kernel:get_net_ticktime() =/= Wanted,
    case Differs andalso length(Peers) + 1 =:= length(known()) andalso lists:all(Same, Peers) of
        true -> rpc:multicall([node() | Peers], net_kernel, set_net_ticktime, [Wanted, 0], 2000);
        false -> ok
    end.

known() -> mnesia:system_info(db_nodes).

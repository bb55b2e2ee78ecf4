%% Ends a broker that must not go on, so that its container starts it again and it joins its cluster anew; and lets a majority go on that waits for
%% a member which does not come back.
%%
%% 1. It was frozen for longer than its peers wait (paused, or its host was). They have promoted other mirrors meanwhile. When it wakes it
%%    would acknowledge messages by itself until it learns of that, and they would be lost.
%% 2. It is partitioned, and stays so. RabbitMQ's own pause_minority asks who is connected, and misses a member that lost its peers and
%%    was connected again within the same moment: without this it would stay partitioned for ever.
%% 3. It stops and does not get to the end of it. Autoheal stops brokers, and RabbitMQ 3.10 may wait five minutes for a mirrored queue meanwhile; nothing
%%    in it answers for so long, and the winner waits for it.
%% 4. A mirrored queue that it leads waits for a mirror that never answers. RabbitMQ 3.10 may lose the question when mirrors leave and come within the same
%%    second, as autoheal has them do, and such a queue answers nobody for ever.
%% 5. It starts, and waits for Erlang's global name server to agree with its peers. Where connections came and went meanwhile the two may wait for each other for ever.
%%    RabbitMQ's own way out (rabbit_node_monitor, after 20 s) says what global no longer understands from Erlang 25.1 on (rabbitmq-server issue 6034).
%% 6. All members were lost, and some of them do not come back. Mnesia waits for these before it loads its tables, because they may know more. They do not where
%%    a majority is here: without one nobody goes on (pause_minority), so one who is here was among the last. Who of them has seen the others go is the one to load.
%% 7. It had no data and was to join, but its peers were gone when it came to that, so RabbitMQ began a cluster of its own.
-module(holdfast_keeper).
-export([early/0, start/0, waits_for_tables/0, first_to_load/2]).

%% Before RabbitMQ starts; what comes after it on Erlang's command line waits until it has.
early() ->
    spawn(fun() -> tables(none, now_ms()) end),
    spawn(fun() -> joins(filename:join(os:getenv("RABBITMQ_MNESIA_BASE", "/"), "holdfast-joins")) end).

start() ->
    {ok, Patience} = application:get_env(kernel, net_ticktime),
    spawn(fun() -> process_flag(priority, max), clock(now_ms(), Patience * 750) end),
    spawn(fun() -> watch(0) end),
    spawn(fun() -> hanging(fun stops/0, {holdfast_stop_limit, 60000}, "it has been stopping for ~b s, and does not get to the end", now_ms()) end),
    spawn(fun() -> synchronising(#{}) end),
    %% Agreeing takes milliseconds. A peer that fell silent is given up after 1.25 times net_ticktime at the latest, and waited for no longer.
    spawn(fun() -> hanging(fun waits_for_global/0, {holdfast_global_limit, 5000 + Patience * 1250}, "it has been waiting for Erlang's global name server for ~b s, and does not start", now_ms()) end).

now_ms() -> erlang:monotonic_time(millisecond).

%% Peers give a silent member up after 0.75 times net_ticktime at the earliest.
clock(Last, Limit) ->
    receive after 100 -> ok end,
    Now = now_ms(),
    case Now - Last > Limit andalso length(known()) > 1 of
        true -> leave("it was frozen for ~b ms, and its peers wait for ~b ms", [Now - Last, Limit]);
        false -> clock(Now, Limit)
    end.

watch(Seen) ->
    receive after 1000 -> ok end,
    watch(try partitions() of
        [] -> 0;
        Apart -> end_if(Seen + 1, Apart), Seen + 1
    catch _:_ -> 0
    end).

partitions() ->
    case rabbit:is_running() of
        true -> rabbit_node_monitor:partitions();
        false -> []
    end.

known() -> try mnesia:system_info(db_nodes) catch _:_ -> [] end.

majority(Up) -> 2 * length(Up) > length(known()).

%% Seconds go by first, in which the broker's own handling may act. Without a majority one leaves; where nobody has one, the lowest stays.
end_if(Seen, Apart) ->
    Own = own_handling(),
    if
        Seen =:= Own ->
            case majority(mnesia:system_info(running_db_nodes)) of
                true -> ok;
                false -> (lowest(nodes()) andalso not others_stand()) orelse leave("it is partitioned from ~p, without a majority", [Apart])
            end;
        Seen >= Own + 8 -> lowest(Apart) orelse leave("it is partitioned from ~p for ~b s", [Apart, Seen]);
        true -> ok
    end.

%% Autoheal restarts one broker after the other, and begins anew when another one ends meanwhile.
own_handling() ->
    case application:get_env(rabbit, cluster_partition_handling) of
        {ok, autoheal} -> 90;
        _ -> 2
    end.

%% Ends a broker that hangs for longer than a limit in milliseconds, which is a setting for tests to lower.
hanging(Hangs, {Setting, Default} = Limits, Reason, Since) ->
    receive after 1000 -> ok end,
    Now = now_ms(),
    Limit = application:get_env(kernel, Setting, Default),
    case Hangs() of
        false -> hanging(Hangs, Limits, Reason, Now);
        true when Now - Since > Limit -> leave(Reason, [(Now - Since) div 1000]);
        true -> hanging(Hangs, Limits, Reason, Since)
    end.

%% While an application stops, whoever keeps the applications answers nobody.
stops() -> try application:which_applications(5000) of _ -> false catch _:_ -> true end.

%% The limit in milliseconds is for tests to lower.
synchronising(Before) ->
    receive after 2000 -> ok end,
    Now = now_ms(),
    Limit = application:get_env(kernel, holdfast_sync_limit, 30000),
    Waiting = maps:from_list([{Leader, maps:get(Leader, Before, Now)} || Leader <- waiting()]),
    case [Since || Since <- maps:values(Waiting), Now - Since > Limit] of
        [] -> synchronising(Waiting);
        [Since | _] -> leave("a mirrored queue has been waiting for a mirror for ~b s, and answers nobody", [(Now - Since) div 1000])
    end.

%% Leaders that have asked their mirrors and copy nothing yet.
waiting() ->
    try [Leader || Queue <- rabbit_amqqueue:list(),
                   Leader <- [amqqueue:get_pid(Queue)],
                   is_pid(Leader), node(Leader) =:= node(),
                   {current_function, {rabbit_mirror_queue_sync, master_go, _}} <- [process_info(Leader, current_function)]]
    catch _:_ -> []
    end.

%% Only while the broker starts: one that serves may have a hundred thousand processes.
waits_for_global() ->
    starts_in(fun({Module, Function, _, _}) -> {Module, Function} =:= {rabbit_node_monitor, global_sync} end).

%% Whether the broker starts, and a process is in a call that is so.
starts_in(Is) ->
    try not rabbit:is_running() andalso lists:any(fun(Process) ->
        case process_info(Process, current_stacktrace) of
            {_, Frames} -> lists:any(Is, Frames);
            undefined -> false
        end
    end, processes())
    catch _:_ -> false
    end.

%% Those that are here and who of them is to load must be the same for so long; the limit in milliseconds is for tests to lower.
tables(Before, Since) ->
    receive after 1000 -> ok end,
    Now = now_ms(),
    Limit = application:get_env(kernel, holdfast_tables_limit, 10000),
    case chosen() of
        none -> tables(none, Now);
        {First, Up} = Before when First =:= node(), Now - Since > Limit ->
            say("this broker loads its tables: ~p are here, a majority of ~p, and the others did not come back in ~b s", [Up, known(), (Now - Since) div 1000]),
            rabbit_table:force_load(),
            tables(none, Now);
        Before -> tables(Before, Since);
        Chosen -> tables(Chosen, Now)
    end.

chosen() ->
    try {application:get_env(rabbit, cluster_partition_handling), waits_for_tables()} of
        {{ok, pause_minority}, {waits, Up, _, _}} ->
            Answers = [{Node, rpc:call(Node, ?MODULE, waits_for_tables, [], 2000)} || Node <- Up],
            case first_to_load(known(), Answers) of
                none -> none;
                First -> {First, Up}
            end;
        _ -> none
    catch _:_ -> none
    end.

%% What a broker that waits for its tables knows of its cluster: who is here, whom it has seen go (Mnesia), and who ran when it last did itself (RabbitMQ, as
%% the start program found it).
waits_for_tables() ->
    case starts_in(fun({Module, _, _, _}) -> Module =:= rabbit_table end) of
        true ->
            Gone = [Node || Node <- known(), Node =/= node(), mnesia_recover:has_mnesia_down(Node)],
            {waits, lists:sort(mnesia:system_info(running_db_nodes)), Gone, ran_before()};
        false -> no
    end.

ran_before() ->
    case file:consult(filename:join(os:getenv("HOME", "/"), "ran-before")) of
        {ok, [Nodes]} -> Nodes;
        _ -> known()
    end.

%% Of the members of a cluster, and what those that are here answered: the one that may load what it has, or none. All that are here must wait, and see each other.
%% Nobody may have seen it go, nor have run with fewer than it did: fewer is later.
first_to_load(Known, Answers) ->
    Up = lists:sort([Node || {Node, _} <- Answers]),
    Agree = lists:all(fun({_, {waits, Seen, _, _}}) -> Seen =:= Up; (_) -> false end, Answers),
    case Agree andalso 2 * length(Up) > length(Known) andalso length(Up) < length(Known) of
        true ->
            Last = [Node || {Node, {waits, _, _, Ran}} <- Answers,
                            lists:all(fun({Other, {waits, _, Gone, RanThere}}) ->
                                Other =:= Node orelse (not lists:member(Node, Gone) andalso Ran -- RanThere =:= [])
                            end, Answers)],
            case lists:sort(Last) of
                [] -> none;
                [First | _] -> First
            end;
        false -> none
    end.

%% The start program leaves the file where the broker is to join; it wipes what a join left that did not come to its end.
joins(File) ->
    case filelib:is_file(File) of
        true ->
            receive after 100 -> ok end,
            %% Started once the database is there, and before any listener.
            case whereis(rabbit_node_monitor) of
                undefined -> joins(File);
                _ -> length(known()) > 1 orelse leave("it was to join its cluster, and found nobody there", []), file:delete(File)
            end;
        false -> ok
    end.

%% Does any peer see a majority?
others_stand() ->
    lists:any(fun(Node) ->
        case rpc:call(Node, mnesia, system_info, [running_db_nodes], 2000) of
            Up when is_list(Up) -> majority(Up);
            _ -> false
        end
    end, nodes()).

%% Where no side is the right one, exactly one member stays.
lowest(Others) -> lists:all(fun(Other) -> node() < Other end, Others).

leave(Format, Values) ->
    say("this broker ends, to be started again: " ++ Format, Values),
    erlang:halt(1, [{flush, false}]).

%% Written at once: what goes by way of the log would be lost.
say(Format, Values) ->
    erlang:display_string(lists:flatten(io_lib:format("holdfast: " ++ Format ++ "~n", Values))).

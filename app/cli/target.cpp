// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/target.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>

#include "app/cli/wait_note.h"
#include "connectors/kafka/client/address.h"
#include "connectors/kafka/client/properties.h"
#include "connectors/secrets/secrets.h"
#include "models/contract/contract_violation_finder.h"
#include "models/event/filter/time_text.h"
#include "models/workspace/topic_choice.h"

namespace weir::cli {

namespace {

constexpr std::size_t filter_file_bytes_max = 1u << 20;

Result<std::int64_t> whole_number(std::string_view text, const std::string& option,
                                  std::int64_t most = INT64_MAX) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0 || number > most)
        return usage_error(option + " " + std::string(text) + ": not a whole number from 0 " +
                           (most == INT64_MAX ? "up" : "to " + std::to_string(most)));
    return number;
}

std::string limit_text(const kafka::ConnectionOptions& connection) {
    return "read at " + grouped(static_cast<std::uint64_t>(connection.read_budget_mb_s)) +
           " MB/s at most (--budget 0 lifts the limit)";
}

/// What a connection is called that nobody has named: the first of its addresses.
std::string name_of(const std::string& bootstrap) {
    const std::size_t comma = bootstrap.find(',');
    const auto more = std::count(bootstrap.begin(), bootstrap.end(), ',');
    return bootstrap.substr(0, comma) + (more > 0 ? " +" + std::to_string(more) : "");
}

Result<Workspace> ad_hoc_workspace(const Arguments& arguments) {
    Workspace workspace;
    workspace.masking.policy = MaskingPolicy::None;
    kafka::ConnectionOptions connection;
    connection.bootstrap = arguments.value("bootstrap");
    connection.name = name_of(connection.bootstrap);
    connection.environment_assumed = true;
    connection.read_budget_mb_s = kafka::usual_read_budget_mb_s(connection.environment);
    for (const std::string& assignment : arguments.values("property")) {
        const auto applied = kafka::apply_property(connection, assignment);
        if (!applied)
            return applied.error();
    }
    if (connection.bootstrap.empty() && !arguments.has("bootstrap"))
        return usage_error("it is not said what to connect to",
                           "Name a workspace (--workspace FILE) or brokers (--bootstrap "
                           "HOST:PORT).");
    if (const auto fine = kafka::check_address(connection.bootstrap); !fine)
        return usage_error("--bootstrap: " + fine.error().what, fine.error().advice);
    if (connection.bootstrap == embedded_address)
        return usage_error(
            "the embedded cluster is one within a Weir that runs: there is none that "
            "another command could connect to",
            "weir sandbox --http HOST:PORT --bootstrap embedded starts one, and "
            "tells its address.");
    connection.name = name_of(connection.bootstrap); // which -X may have said, too
    workspace.name = connection.name;
    workspace.connections.push_back(std::move(connection));
    return workspace;
}

Result<void> add_topics(const Arguments& arguments, const Workspace& workspace, bool needed,
                        Target& target) {
    TopicChoice wanted;
    for (const std::string& topic : arguments.values("topic")) {
        if (topic.empty())
            return usage_error("--topic: the name is empty");
        wanted.add(topic);
    }
    target.topics = std::move(wanted.topics);
    target.topic_patterns = std::move(wanted.patterns);
    if (target.topics.empty() && target.topic_patterns.empty()) {
        for (const Workspace::Watch& watch : workspace.watch) {
            if (watch.connection != target.connection)
                continue;
            target.topics.insert(target.topics.end(), watch.topics.begin(), watch.topics.end());
            target.topic_patterns.insert(target.topic_patterns.end(), watch.topic_patterns.begin(),
                                         watch.topic_patterns.end());
        }
    }
    if (needed && target.topics.empty() && target.topic_patterns.empty())
        return usage_error("no topic is named", "Add --topic TOPIC, or --topic '^…' for a "
                                                "regular expression. weir doctor names those "
                                                "that there are.");
    return {};
}

constexpr std::size_t marked_bytes_max = 160; // of a filter's text around its mistake

/// The text, or its part around the mistake, with a caret below it, on lines of their own.
std::string mistake_marked(const std::string& text, int column) {
    const std::size_t mistake = std::min(static_cast<std::size_t>(column), text.size());
    const auto inside = [&](std::size_t at) {
        return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
    };
    std::size_t begin = mistake > marked_bytes_max / 2 ? mistake - marked_bytes_max / 2 : 0;
    if (text.size() <= marked_bytes_max)
        begin = 0;
    std::size_t end = std::min(text.size(), begin + marked_bytes_max);
    while (inside(begin))
        ++begin;
    while (inside(end))
        --end;
    std::string pad(begin > 0 ? 1 : 0, ' ');
    for (std::size_t i = begin; i < mistake; ++i)
        if (!inside(i))
            pad += ' ';
    std::string line = (begin > 0 ? "…" : "") + text.substr(begin, end - begin);
    std::replace(line.begin(), line.end(), '\n', ' ');
    return "\n  " + line + (end < text.size() ? "…" : "") + "\n  " + pad + "^";
}

/// A filter too long for a command line. Its own limits hold for it too.
Result<std::string> read_filter(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text(filter_file_bytes_max + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in.is_open() || in.bad())
        return usage_error("--filter-file " + file + ": cannot be read: " + std::strerror(errno));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > filter_file_bytes_max)
        return usage_error("--filter-file " + file + ": more than 1 MiB",
                           "Split it: a filter takes lists of 20,000 values.");
    return text;
}

/// --unmask and --disclose: masked as the workspace says, tokens, or all of it.
Result<std::shared_ptr<const DisclosurePolicy>>
disclosure_of(const Arguments& arguments, const Target& target, Console& console) {
    const std::string word = arguments.value("disclose");
    if (!word.empty() && word != "masked" && word != "tokens" && word != "shown")
        return usage_error("--disclose " + word + ": not a way to disclose",
                           "Write masked, tokens or shown.");
    if (arguments.has("unmask")) {
        if (word == "tokens" || word == "masked")
            return usage_error("--unmask shows what is masked: leave out --disclose " + word);
        const auto unmasked = target.session->unmask(target.connection, arguments.value("unmask"));
        if (!unmasked)
            return unmasked.error();
        const auto unmasking = target.session->unmasking(target.connection);
        console.note("weir: UNMASKED for " + unmasking->who + " as " + unmasking->role +
                     ", recorded: " + unmasking->reason);
    }
    if (word == "tokens")
        return target.session->tokenised(target.connection);
    auto policy = target.session->disclosure(target.connection);
    if (word == "shown" && policy->masks())
        return usage_error("--disclose shown: the connection is masked",
                           "Ask for it with --unmask REASON.");
    return policy;
}

} // namespace

Result<Workspace> workspace_of(const Arguments& arguments) {
    if (arguments.has("workspace") && arguments.has("bootstrap"))
        return usage_error("--workspace and --bootstrap exclude each other");
    auto workspace = arguments.has("workspace") ? Workspace::load(arguments.value("workspace"))
                                                : ad_hoc_workspace(arguments);
    if (!workspace)
        return workspace;
    if (arguments.has("contracts")) {
        const std::string folder = arguments.value("contracts");
        workspace->contracts = {};
        workspace->contracts.folder = folder;
        workspace->contracts.built_in = folder == "demo";
    }
    const bool masked = arguments.has("mask") || arguments.value("disclose") == "masked";
    if (masked && (arguments.has("mask") || !arguments.has("workspace"))) {
        workspace->masking.environments.clear();
        workspace->masking.policy = workspace->contracts.folder.empty() ? MaskingPolicy::Detectors
                                                                        : MaskingPolicy::Contracts;
    }
    if (arguments.has("token-key"))
        workspace->masking.token_key.text = arguments.value("token-key");
    if (arguments.has("dialect"))
        workspace->event.dialect = arguments.value("dialect");
    for (const std::string& topic : arguments.values("dead-letter"))
        workspace->event.places[topic].dead_letters = true;
    const auto budget = arguments.number("budget", 0, 0, 1e6);
    if (!budget)
        return budget.error();
    if (arguments.has("budget"))
        for (kafka::ConnectionOptions& connection : workspace->connections)
            connection.read_budget_mb_s = *budget;
    return workspace;
}

Result<kafka::ConnectionOptions> connection_of(const Arguments& arguments,
                                               const Workspace& workspace) {
    if (workspace.connections.empty())
        return usage_error("the workspace has no connection", "Add one under /connections.");
    const std::string name = arguments.value("connection", workspace.connections.front().name);
    if (const kafka::ConnectionOptions* found = workspace.connection(name))
        return *found;
    std::string names;
    for (const auto& connection : workspace.connections)
        names += (names.empty() ? "" : ", ") + connection.name;
    return usage_error("there is no connection \"" + name + "\"", "There are: " + names + ".");
}

Result<kafka::ConnectionOptions> sandbox_connection_of(const Arguments& arguments) {
    const auto workspace = workspace_of(arguments);
    if (!workspace)
        return workspace.error();
    auto connection = connection_of(arguments, *workspace);
    if (connection && !arguments.has("workspace")) {
        connection->environment = kafka::Environment::Sandbox;
        if (!arguments.has("budget"))
            connection->read_budget_mb_s = kafka::usual_read_budget_mb_s(connection->environment);
    }
    return connection;
}

bool means_embedded(const Arguments& arguments) {
    if (arguments.has("bootstrap"))
        return arguments.value("bootstrap") == embedded_address;
    const auto connection = sandbox_connection_of(arguments);
    return connection && connection->bootstrap == embedded_address;
}

kafka::SecretResolver command_line_secrets(const Arguments& arguments,
                                           const std::string& connection) {
    SecretPolicy policy;
    policy.allow_commands = !arguments.has("workspace") || arguments.has("allow-commands");
    return secret_resolver(connection, policy);
}

Result<Target> open_target(const Arguments& arguments, Console& console, bool needs_topics,
                           const std::vector<std::string>& dimensions) {
    auto workspace = workspace_of(arguments);
    if (!workspace)
        return workspace.error();
    if (workspace->event.dimensions.empty())
        workspace->event.dimensions = dimensions;
    Target target;
    const auto connection = connection_of(arguments, *workspace);
    if (!connection)
        return connection.error();
    target.connection = connection->name;
    const auto topics = add_topics(arguments, *workspace, needs_topics, target);
    if (!topics)
        return topics.error();
    for (const std::string& text : arguments.values("partition")) {
        const auto number = whole_number(text, "--partition", INT32_MAX);
        if (!number)
            return number.error();
        target.partitions.push_back(PartitionId(static_cast<std::int32_t>(*number)));
    }
    const auto timeout = duration_of(arguments, "timeout", Micros(10'000'000));
    if (!timeout)
        return timeout.error();
    target.timeout = std::chrono::milliseconds(std::max<std::int64_t>(1, timeout->ms()));
    if (!arguments.has("workspace"))
        console.note(std::string("weir: production connection, read-only; ") +
                     (arguments.has("mask") ? "personal data is masked"
                                            : "not masked (--mask masks personal data)") +
                     (arguments.has("budget") ? "" : "; " + limit_text(*connection)));
    // What the user typed on the command line is approved by having been typed.
    SessionOptions options;
    options.allow_commands = !arguments.has("workspace") || arguments.has("allow-commands");
    auto session = Session::open(std::move(*workspace), options);
    if (!session)
        return session.error();
    target.session = std::move(*session);
    auto disclosure = disclosure_of(arguments, target, console);
    if (!disclosure)
        return std::move(disclosure).error();
    target.disclosure = *std::move(disclosure);
    target.tokens = arguments.value("disclose") == "tokens";
    target.rules = target.session->disclosure_revision();
    return target;
}

Result<std::shared_ptr<const DisclosurePolicy>> Target::disclosure_now() const {
    return tokens ? session->tokenised(connection) : session->disclosure(connection);
}

Result<SearchParts> Target::search_parts(Console& console) const {
    auto opened = cluster();
    if (!opened)
        return opened.error();
    SearchParts parts;
    const std::shared_ptr<kafka::Cluster> to = *opened;
    const std::chrono::milliseconds wait = timeout;
    const auto told = std::make_shared<std::atomic<bool>>(false);
    parts.open_reader = [to, wait, told, &console](kafka::ReadRequest request) {
        const WaitNote note(to, console, wait);
        auto reader = kafka::Reader::open(to, std::move(request), wait);
        if (const auto trouble = to->not_noted(); trouble && !told->exchange(true))
            console.note("weir: this cluster was not noted as one never to be written to: " +
                         trouble->text());
        return reader;
    };
    const Session* made_by = session.get();
    const std::string name = connection;
    parts.make_decoder = [made_by, name] { return made_by->make_decoder(name); };
    parts.violations = contract_violation_finders([made_by] { return made_by->make_checker(); });
    parts.vocabulary = session->vocabulary();
    parts.disclosure = disclosure;
    parts.connection = connection;
    parts.read_budget_mb_s = to->options().read_budget_mb_s;
    return parts;
}

kafka::ReadRequest read_request(const Arguments& arguments, const Target& target,
                                const Range& range) {
    kafka::ReadRequest request;
    request.topics = target.topics;
    request.topic_patterns = target.topic_patterns;
    request.only_partitions = target.partitions;
    request.start = range.start;
    request.end = range.end;
    if (arguments.has("read-committed"))
        request.isolation = kafka::Isolation::ReadCommitted;
    return request;
}

Result<Micros> duration_of(const Arguments& arguments, std::string_view name, Micros otherwise) {
    if (!arguments.has(name))
        return otherwise;
    const auto duration = parse_duration(arguments.value(name));
    if (!duration || duration->value() <= 0)
        return usage_error("--" + std::string(name) + " " + arguments.value(name) +
                               ": not a duration",
                           "Write 90s, 15m, 4h or 7d.");
    return *duration;
}

namespace {

Result<kafka::StartAt> start_at(const std::string& text, Micros now) {
    using Kind = kafka::StartAt::Kind;
    if (text == "beginning" || text == "end")
        return kafka::StartAt{text == "end" ? Kind::End : Kind::Beginning, 0, {}, {}};
    if (!text.empty() && text[0] == '@') {
        const auto number = whole_number(std::string_view(text).substr(1), "--from");
        if (!number)
            return number.error();
        return kafka::StartAt{Kind::Offset, *number, {}, {}};
    }
    const auto relative = parse_relative(text, now);
    const auto time = relative ? relative : parse_instant(text);
    if (!time)
        return usage_error("--from " + text + ": not a time",
                           "Write 2026-05-01T12:00:00Z, now-15m, @OFFSET, beginning or end.");
    return kafka::StartAt{Kind::Time, 0, *time, {}};
}

Result<kafka::EndAt> end_at(const std::string& text, Micros now) {
    using Kind = kafka::EndAt::Kind;
    if (!text.empty() && text[0] == '@') {
        const auto number = whole_number(std::string_view(text).substr(1), "--to");
        if (!number)
            return number.error();
        return kafka::EndAt{Kind::Offset, *number, {}};
    }
    const auto relative = parse_relative(text, now);
    const auto time = relative ? relative : parse_instant(text);
    if (!time)
        return usage_error("--to " + text + ": not a time",
                           "Write 2026-05-01T12:00:00Z, now-15m or @OFFSET.");
    return kafka::EndAt{Kind::Time, 0, *time};
}

} // namespace

Result<Range> range_of(const Arguments& arguments, kafka::StartAt::Kind otherwise, Micros now) {
    Range range;
    range.start.kind = otherwise;
    if (arguments.has("last") && arguments.has("from"))
        return usage_error("--last and --from exclude each other");
    if (arguments.has("from")) {
        const auto start = start_at(arguments.value("from"), now);
        if (!start)
            return start.error();
        range.start = *start;
    }
    const std::string last = arguments.value("last");
    if (!last.empty() && last[0] == '@') {
        const auto number = whole_number(std::string_view(last).substr(1), "--last");
        if (!number)
            return number.error();
        range.start = {kafka::StartAt::Kind::LastN, *number, {}, {}};
    } else if (arguments.has("last")) {
        const auto duration = duration_of(arguments, "last", Micros(0));
        if (!duration)
            return duration.error();
        range.start = {kafka::StartAt::Kind::Time, 0, now - *duration, {}};
    }
    if (arguments.has("to")) {
        const auto end = end_at(arguments.value("to"), now);
        if (!end)
            return end.error();
        range.end = *end;
    }
    const bool times = range.start.kind == kafka::StartAt::Kind::Time &&
                       range.end.kind == kafka::EndAt::Kind::Time;
    const bool offsets = range.start.kind == kafka::StartAt::Kind::Offset &&
                         range.end.kind == kafka::EndAt::Kind::Offset;
    if ((times && range.start.time > range.end.time) ||
        (offsets && range.start.number > range.end.number)) {
        const char* begin = arguments.has("from") ? "from" : "last";
        return usage_error(std::string("--") + begin + " " + arguments.value(begin) +
                               " begins after --to " + arguments.value("to"),
                           "The range ends before it begins: exchange the two.");
    }
    return range;
}

void note_hints(const Filter& filter, Console& console) {
    std::vector<FilterHint> hints = filter.hints();
    for (FilterHint& hint : violation_hints(filter))
        hints.push_back(std::move(hint));
    for (const FilterHint& hint : hints)
        console.note("weir: filter, column " + std::to_string(hint.begin + 1) + ": " + hint.text);
}

void note_remarks(const char* on, const std::vector<std::string>& remarks, Console& console) {
    for (const std::string& remark : remarks)
        console.note("weir: " + (on + (": " + remark)));
}

Result<void> check_contracts_for(const Filter& filter, const Target& target, bool field) {
    const bool asked = filter.asks_for_violations();
    if ((!asked && !field) || !target.session->contracts()->set->contracts().empty())
        return {};
    return usage_error(std::string(asked ? "the filter asks" : "a field asks") +
                           " for violations, and there are no contracts to break",
                       "Add --contracts DIR, or give the workspace \"contracts\". What a dead "
                       "letter was refused for is its reason: --by reason, or reason exists.");
}

Result<std::shared_ptr<const Filter>> filter_of(const Arguments& arguments, Micros now) {
    std::string text = arguments.value("filter");
    std::vector<std::string> more = arguments.positionals();
    if (arguments.has("filter-file")) {
        auto read = read_filter(arguments.value("filter-file"));
        if (!read)
            return read.error();
        more.push_back(*std::move(read));
    }
    for (const std::string& word : more)
        text = both_filters(text, word);
    auto filter = Filter::parse(text, now);
    if (filter)
        return filter;
    Error error = filter.error();
    if (error.column >= 0)
        error.advice += mistake_marked(text, error.column);
    return error;
}

} // namespace weir::cli

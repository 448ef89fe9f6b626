// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cmd_window.h"

#include <algorithm>

#include "app/cli/command.h"
#include "app/cli/target.h"
#include "app/demo/demo_session.h"
#include "models/workspace/topic_choice.h"

namespace weir::cli {

namespace {

bool says_anything_of_the_workspace(const Arguments& arguments) {
    for (const Option& option : window_options())
        if (std::string_view(option.name) != "workspace" &&
            std::string_view(option.name) != "from" && std::string_view(option.name) != "last" &&
            std::string_view(option.name) != "filter" && arguments.has(option.name))
            return true;
    return false;
}

/// The topics of the command line take the place of those that the workspace watches.
Result<void> watch_topics(const Arguments& arguments, Workspace& workspace) {
    if (workspace.connections.empty())
        return usage_error("the workspace has no connection", "Add one under /connections.");
    const std::string name = arguments.value("connection", workspace.connections.front().name);
    if (workspace.connection(name) == nullptr)
        return usage_error("there is no connection \"" + name + "\"");
    if (arguments.has("topic")) {
        Workspace::Watch watch;
        watch.connection = name;
        TopicChoice wanted;
        for (const std::string& topic : arguments.values("topic"))
            wanted.add(topic);
        watch.topics = std::move(wanted.topics);
        watch.topic_patterns = std::move(wanted.patterns);
        workspace.watch = {std::move(watch)};
    } else if (arguments.has("connection")) {
        std::stable_partition(workspace.watch.begin(), workspace.watch.end(),
                              [&](const auto& watch) { return watch.connection == name; });
    }
    if (workspace.watch.empty() ||
        (arguments.has("connection") && workspace.watch.front().connection != name))
        return usage_error("no topic is named", "Add --topic TOPIC, or --topic '^…' for a regular "
                                                "expression.");
    return {};
}

} // namespace

std::vector<Option> window_options() {
    std::vector<Option> options = connection_options();
    options.erase(std::remove_if(options.begin(), options.end(),
                                 [](const Option& option) {
                                     const std::string_view name = option.name;
                                     return name == "partition" || name == "timeout";
                                 }),
                  options.end());
    return join({std::move(options),
                 {{"from", "TIME", "where reading begins: RFC 3339, now-15m, @1000, beginning"},
                  {"last", "DURATION", "or how far back: 15m; @1000 offsets of each partition"},
                  {"filter", "EXPR", "the filter to begin with", 'e'}}});
}

Result<WindowStart> window_start(const Arguments& arguments, kafka::StartAt::Kind otherwise) {
    const std::string workspace = arguments.value("workspace");
    const auto range = range_of(arguments, otherwise, Micros::now());
    if (!range)
        return range.error();
    WindowStart start;
    start.start = range->start;
    if (start.start.kind == kafka::StartAt::Kind::Offset) // a window shows what comes
        start.start.kind = kafka::StartAt::Kind::OffsetOrEnd;
    start.filter = arguments.value("filter");
    start.open_demo = [] { return open_demo_session(); };
    if (!says_anything_of_the_workspace(arguments)) {
        if (!workspace.empty())
            start.open = workspace_opener(workspace);
        return start;
    }
    auto described = workspace_of(arguments);
    if (!described)
        return described.error();
    if (described->event.dimensions.empty())
        described->event.dimensions = usual_dimensions();
    const auto watched = watch_topics(arguments, *described);
    if (!watched)
        return watched.error();
    // What the user typed on the command line is approved by having been typed.
    SessionOptions options;
    options.allow_commands = workspace.empty() || arguments.has("allow-commands");
    start.open = [described = std::move(*described), options] {
        return open_kept_session(described, options);
    };
    return start;
}

} // namespace weir::cli

// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// weir screenshot: a view of the window as a picture, without a display.
#include <algorithm>
#include <cstdio>

#include "app/cli/cmd.h"
#include "app/cli/cmd_window.h"
#include "app/cli/target.h"
#include "app/gui/screenshot.h"
#include "app/gui/views.h"
#include "connectors/base/characters.h"
#include "connectors/base/names_text.h"
#include "connectors/base/time_units.h"

namespace weir::cli {

namespace {

constexpr std::int64_t wait_ms_max = 3'600'000;

Result<ScreenshotOptions> options_of(const Arguments& arguments) {
    ScreenshotOptions options;
    options.file = arguments.positionals().at(1);
    options.theme = arguments.value("theme", "light");
    if (options.theme != "light" && options.theme != "dark" && options.theme != "system")
        return usage_error("--theme " + options.theme + ": not a theme",
                           "Write light, dark or system.");
    const std::string size = arguments.value("size", "1440x900");
    char rest = 0;
    if (std::sscanf(size.c_str(), "%dx%d%c", &options.width, &options.height, &rest) != 2)
        return usage_error("--size " + size + ": not WIDTHxHEIGHT");
    const auto scale = arguments.number("scale", 1, 1, 4);
    if (!scale)
        return scale.error();
    options.scale = *scale;
    const auto wait = duration_of(arguments, "wait", Micros(15'000'000));
    if (!wait)
        return wait.error();
    const auto after = duration_of(arguments, "after", Micros(options.settle_ms * millisecond_us));
    if (!after)
        return after.error();
    options.wait_ms = static_cast<int>(std::min<std::int64_t>(wait->ms(), wait_ms_max));
    options.settle_ms = static_cast<int>(std::min<std::int64_t>(after->ms(), wait_ms_max));
    return options;
}

/// A view's id, in whatever case it is written. Errors: Usage.
Result<std::string> view_of(const std::string& written) {
    std::vector<std::string> names{"welcome", "all"};
    for (const ViewEntry& entry : view_entries())
        names.emplace_back(entry.id);
    const std::string view = lower(written);
    if (std::find(names.begin(), names.end(), view) != names.end())
        return view;
    return usage_error("there is no view \"" + written + "\"",
                       "There are: " + names_text(names) + ".");
}

int run_screenshot(const Arguments& arguments, Console& console) {
    if (arguments.positionals().size() != 2)
        return console.fail(usage_error("it takes a view and a file, or all and a folder",
                                        "E.g. weir screenshot live live.png"));
    const auto options = options_of(arguments);
    if (!options)
        return console.fail(options.error());
    auto start = window_start(arguments, kafka::StartAt::Kind::Beginning);
    if (!start)
        return console.fail(start.error());
    const auto view = view_of(arguments.positionals().at(0));
    if (!view)
        return console.fail(view.error());
    start->view = *view;
    if (!start->open && start->view != "welcome")
        start->open = start->open_demo;
    const auto done = take_screenshot(std::move(*start), *options);
    if (!done)
        return console.fail(done.error());
    console.note("weir: wrote " + options->file);
    return exit_fine;
}

std::vector<Option> screenshot_options() {
    std::vector<Option> all = window_options();
    const std::vector<Option> own{
        {"size", "WxH", "in points; default 1440x900"},
        {"theme", "THEME", "light (default), dark or system"},
        {"scale", "N", "pixels a point, 1 to 4"},
        {"wait", "DURATION", "at most, for something to see; default 15s"},
        {"after", "DURATION", "of stream to let in before; default 1.5s"},
        {"quiet", nullptr, "no remarks on stderr", 'q'},
    };
    all.insert(all.end() - 1, own.begin(), own.end()); // the help stays last
    return all;
}

} // namespace

Command screenshot_command() {
    return {
        "screenshot",
        "VIEW FILE.png",
        "Draw a view of the window into a picture, without a display",
        "Without a workspace or brokers it is the demo's. The picture is taken when the view "
        "has something\n"
        "to show, or after --wait. The view all draws each one, in light and dark, into a folder.",
        2,
        screenshot_options(),
        run_screenshot,
        true};
}

} // namespace weir::cli

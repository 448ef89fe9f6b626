// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/run_window.h"

#include <QScreen>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "app/gui/application.h"
#include "app/gui/main_window.h"
#include "connectors/kafka/admin/admin.h"
#include "connectors/secrets/secrets.h"
#include "models/event/worker_thread.h"

namespace weir {
namespace {

constexpr std::chrono::milliseconds end_limit{1'500};
constexpr std::chrono::milliseconds topics_wait{5'000};
constexpr std::chrono::milliseconds keychain_wait{30'000}; // the user may have to unlock it

Result<void> store_secret(const std::string& place, const std::string& secret) {
    const std::size_t slash = place.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == place.size())
        return Error{ErrorCode::Config,
                     "A place in the keychain is SERVICE/KEY",
                     place,
                     "",
                     "Write, for example, weir/prod-kafka.",
                     -1};
    return store_in_keychain(place.substr(0, slash), place.substr(slash + 1), secret,
                             keychain_wait);
}

std::vector<std::string> list_topics(const std::shared_ptr<kafka::Cluster>& cluster) {
    std::vector<std::string> names;
    if (Result<kafka::ClusterInfo> info = kafka::Admin(cluster).cluster_info(topics_wait))
        for (kafka::TopicInfo& topic : info->topics)
            if (!topic.name.starts_with("__"))
                names.push_back(std::move(topic.name));
    return names;
}

} // namespace

Result<std::unique_ptr<Session>> open_kept_session(Workspace workspace, SessionOptions options) {
    options.keeps_history = true;
    return Session::open(std::move(workspace), options);
}

void complete(WindowStart& start) {
    if (!start.make_session)
        start.make_session = open_kept_session;
    if (!start.probe)
        start.probe = probe_kafka;
    if (!start.store_secret)
        start.store_secret = store_secret;
    if (!start.list_topics)
        start.list_topics = list_topics;
}

/// The window is gone and what it keeps is saved. What still waits for a host that does not answer
/// must not keep the process: it holds nothing that has to be put in order.
void end_within(std::chrono::milliseconds limit, int code) {
    std::thread([limit, code] {
        std::this_thread::sleep_for(limit);
        std::fflush(nullptr);
        std::_Exit(code);
    }).detach();
}

int run_window(WindowStart start) {
    int argc = 1;
    char name[] = "weir";
    char* argv[] = {name, nullptr};
    Application application(argc, argv);
    complete(start);
    UserSettings settings;
    Theme::apply(settings.theme());
    int code = 0;
    {
        MainWindow window(std::move(start), settings);
        // It may have been closed on a larger screen: this one shows all of it.
        window.resize(window.size().boundedTo(window.screen()->availableSize()));
        window.show();
        code = Application::exec();
        settings.flush();
        end_within(end_limit, code);
    }
    wait_for_workers();
    return code;
}

} // namespace weir

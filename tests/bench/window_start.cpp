// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long it takes from the start of a process to the first painted window, and to the first event
// painted in it: window_start [--runs N] [HOST:PORT TOPIC]. Without a broker the stream is the
// demo's, whose cluster and generator start in the same process. Each run is a process of its own,
// of the same parts as `weir`, with settings of its own.
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "app/demo/demo_session.h"
#include "app/gui/application.h"
#include "app/gui/main_window.h"
#include "widgets/live/live_table.h"
#include "widgets/live/live_view.h"

using namespace weir;

namespace {

constexpr std::int64_t give_up_ms = 20'000;

std::int64_t monotonic_us() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000 + now.tv_nsec / 1'000;
}

/// Watches for a paint event, and calls back once what it drew has been handed on.
class FirstPaint : public QObject {
  public:
    FirstPaint(QWidget* of, std::function<bool()> counts, std::function<void()> painted)
        : QObject(of)
        , m_counts(std::move(counts))
        , m_painted(std::move(painted)) {
        of->installEventFilter(this);
    }

  protected:
    bool eventFilter(QObject* /*watched*/, QEvent* event) override {
        if (event->type() == QEvent::Paint && m_painted && m_counts())
            QTimer::singleShot(0, this, std::exchange(m_painted, nullptr));
        return false;
    }

  private:
    std::function<bool()> m_counts;
    std::function<void()> m_painted;
};

WindowStart beginning(const QStringList& arguments) {
    WindowStart start;
    start.start.kind = kafka::StartAt::Kind::Beginning;
    if (arguments.size() < 2) {
        start.open = [] { return open_demo_session(); };
        return start;
    }
    Workspace workspace;
    workspace.name = "bench";
    kafka::ConnectionOptions connection;
    connection.name = "bench";
    connection.bootstrap = arguments[0].toStdString();
    connection.environment_assumed = true;
    workspace.connections = {connection};
    workspace.watch = {{"bench", {arguments[1].toStdString()}, {}}};
    workspace.event.dimensions = usual_dimensions();
    start.open = [workspace] { return Session::open(workspace); };
    return start;
}

/// As run_window() does it, with two clocks.
int run(std::int64_t started_us, const QStringList& arguments) {
    int argc = 1;
    char name[] = "weir";
    char* argv[] = {name, nullptr};
    const Application application(argc, argv);
    const QTemporaryDir folder;
    WindowStart start = beginning(arguments);
    complete(start);
    UserSettings settings(folder.filePath(QStringLiteral("weir.ini")));
    Theme::apply(ThemeChoice::Light);
    MainWindow window(std::move(start), settings);
    const auto elapsed_ms = [&] { return static_cast<double>(monotonic_us() - started_us) / 1e3; };
    const FirstPaint first(
        &window, [] { return true; }, [&] { std::printf("window %.1f\n", elapsed_ms()); });
    QTimer look; // until the view is there to be watched
    QObject::connect(&look, &QTimer::timeout, &window, [&] {
        auto* const view = qobject_cast<LiveView*>(window.currentView());
        if (view == nullptr)
            return;
        look.stop();
        LiveTable* const table = view->table();
        new FirstPaint(
            table->viewport(), [table] { return table->rowCount() > 0; },
            [&] {
                std::printf("event %.1f\n", elapsed_ms());
                std::fflush(stdout);
                std::_Exit(0);
            });
    });
    look.start(1);
    QTimer::singleShot(give_up_ms, &window, [] { std::_Exit(1); });
    window.show();
    return Application::exec();
}

double middle(std::vector<double> of) {
    std::sort(of.begin(), of.end());
    return of.empty() ? -1 : of[of.size() / 2];
}

void report(const char* what, const std::vector<double>& of) {
    std::printf("%s: median %.0f ms, slowest %.0f ms of %zu\n", what, middle(of),
                of.empty() ? -1 : *std::max_element(of.begin(), of.end()), of.size());
}

} // namespace

int main(int argc, char** argv) {
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments.append(QString::fromLocal8Bit(argv[i]));
    if (arguments.size() >= 2 && arguments[0] == QLatin1String("--child"))
        return run(arguments[1].toLongLong(), arguments.mid(2));
    int runs = 10;
    if (arguments.size() >= 2 && arguments[0] == QLatin1String("--runs")) {
        runs = arguments[1].toInt();
        arguments = arguments.mid(2);
    }
    std::vector<double> window;
    std::vector<double> event;
    for (int i = 0; i < runs; ++i) {
        QProcess child;
        child.start(QString::fromLocal8Bit(argv[0]),
                    QStringList{QStringLiteral("--child"), QString::number(monotonic_us())} +
                        arguments);
        child.waitForFinished(2 * static_cast<int>(give_up_ms));
        for (const QByteArray& line : child.readAllStandardOutput().split('\n')) {
            if (line.startsWith("window "))
                window.push_back(line.mid(7).toDouble());
            if (line.startsWith("event "))
                event.push_back(line.mid(6).toDouble());
        }
    }
    report("first painted window", window);
    report("first event painted", event);
    return 0;
}

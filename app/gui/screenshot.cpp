// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/screenshot.h"

#include <QCursor>
#include <QDir>
#include <QEventLoop>
#include <QPixmap>
#include <QSaveFile>
#include <QStringBuilder>
#include <QTemporaryDir>
#include <QTimer>

#include "app/gui/application.h"
#include "app/gui/main_window.h"
#include "app/gui/views.h"
#include "widgets/common/state_page.h"

namespace weir {
namespace {

constexpr int view_settle_ms = 400; // until a view is drawn as its theme and its news have it

/// Runs the event loop until `done` or until the time is up; false: it was not done.
bool wait_for(const std::function<bool()>& done, int wait_ms) {
    QEventLoop loop;
    QTimer look;
    QTimer limit;
    bool reached = false;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (done()) {
            reached = true;
            loop.quit();
        }
    });
    QObject::connect(&limit, &QTimer::timeout, &loop, &QEventLoop::quit);
    look.start(25);
    limit.setSingleShot(true);
    limit.start(wait_ms);
    loop.exec();
    return reached;
}

Result<void> check(const ScreenshotOptions& options) {
    const auto within = [](double value, double least, double most) {
        return value >= least && value <= most;
    };
    if (within(options.width, 640, 7680) && within(options.height, 480, 4320) &&
        within(options.scale, 1, 4))
        return {};
    return Error{ErrorCode::Usage,
                 "The picture's size is out of bounds",
                 "",
                 "",
                 "Width 640 to 7680, height 480 to 4320, scale 1 to 4.",
                 -1};
}

Result<void> write_png(const QPixmap& picture, const std::string& file) {
    QSaveFile out(QString::fromStdString(file));
    if (out.open(QIODevice::WriteOnly) && picture.save(&out, "PNG") && out.commit())
        return {};
    return Error{ErrorCode::Io,
                 "The picture could not be written",
                 file,
                 "",
                 out.errorString().toStdString(),
                 -1};
}

/// Why there is nothing to see, in the window's own words.
Error nothing_to_show(const MainWindow& window, const std::string& view) {
    const StatePage* page = window.statePage();
    std::string shown = window.page() == page ? page->headline().toStdString()
                                              : std::string("it shows no event yet");
    return {ErrorCode::Timeout,
            "The view had nothing to show in time: " + shown,
            view,
            "",
            page->detail().toStdString(),
            -1};
}

/// Until it is connected, or is known not to be.
void connect(MainWindow& window, int wait_ms) {
    SessionHost& host = window.host();
    wait_for(
        [&host] {
            return host.state() != SessionHost::State::Empty &&
                   host.state() != SessionHost::State::Opening;
        },
        wait_ms);
    // Whoever asks for this picture by name has said what is to be connected to.
    if (host.state() == SessionHost::State::Ready)
        window.connectNow();
}

/// Until the view has something to show. A connection that failed is shown too, in the view.
Result<void> wait_for_content(MainWindow& window, const std::string& view, int wait_ms) {
    const SessionHost& host = window.host();
    const bool shown = wait_for(
        [&] {
            const View* current = window.currentView();
            return host.state() == SessionHost::State::Failed ||
                   (host.state() == SessionHost::State::Live && current != nullptr &&
                    window.page() == current && current->hasContent());
        },
        wait_ms);
    const bool failed = host.state() == SessionHost::State::Failed;
    if (failed && window.page() == window.statePage())
        return host.error();
    if (!shown && !failed)
        return nothing_to_show(window, view);
    return {};
}

Result<void> draw_one(MainWindow& window, const std::string& view,
                      const ScreenshotOptions& options) {
    if (view != "welcome") {
        connect(window, options.wait_ms);
        if (!view.empty() && window.currentView() != nullptr &&
            window.currentView()->id().toStdString() != view)
            return Error{ErrorCode::Usage, "There is no view of this name", view, "", "", -1};
        if (auto shown = wait_for_content(window, view, options.wait_ms); !shown)
            return shown;
    }
    wait_for([] { return false; }, options.settle_ms);
    return write_png(window.grab(), options.file);
}

Result<void> draw_all(MainWindow& window, const ScreenshotOptions& options) {
    const QDir folder(QString::fromStdString(options.file));
    if (!folder.mkpath(QStringLiteral(".")))
        return Error{ErrorCode::Io, "The folder could not be made", options.file, "", "", -1};
    connect(window, options.wait_ms);
    wait_for([] { return false; }, options.settle_ms);
    for (const ViewEntry& view : view_entries()) {
        window.openView(QString::fromUtf8(view.id));
        if (auto shown = wait_for_content(window, view.id, options.wait_ms); !shown)
            return shown;
        for (const ThemeChoice theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
            Theme::apply(theme);
            wait_for([] { return false; }, view_settle_ms);
            const QString name = QString::fromUtf8(view.id) % u'-' % Theme::word(theme);
            const QString file = folder.filePath(name % QStringLiteral(".png"));
            if (auto written = write_png(window.grab(), file.toStdString()); !written)
                return written;
        }
    }
    return {};
}

Result<void> draw(WindowStart start, const ScreenshotOptions& options) {
    const QTemporaryDir folder; // nothing of the user's own, and nothing kept
    UserSettings settings(folder.filePath(QStringLiteral("weir.ini")));
    Theme::apply(Theme::choice_from(QString::fromStdString(options.theme)));
    const std::string view = start.view;
    if (view == "welcome")
        start.open = nullptr;
    if (view == "all")
        start.view.clear();
    MainWindow window(std::move(start), settings);
    window.resize(options.width, options.height);
    QCursor::setPos(options.width + 100, options.height + 100); // nothing looks pointed at
    window.show();
    return view == "all" ? draw_all(window, options) : draw_one(window, view, options);
}

} // namespace

Result<void> take_screenshot(WindowStart start, const ScreenshotOptions& options) {
    if (Result<void> fine = check(options); !fine)
        return fine;
    qputenv("QT_QPA_PLATFORM", "offscreen");
    // Qt wants a folder for sockets, makes one up where there is none, and says so on stderr.
    std::optional<QTemporaryDir> sockets;
    if (!qEnvironmentVariableIsSet("XDG_RUNTIME_DIR"))
        qputenv("XDG_RUNTIME_DIR", sockets.emplace().path().toLocal8Bit());
    qputenv("QT_SCALE_FACTOR", QByteArray::number(options.scale));
    int argc = 1;
    char name[] = "weir";
    char* argv[] = {name, nullptr};
    const Application application(argc, argv);
    complete(start);
    return draw(std::move(start), options);
}

} // namespace weir

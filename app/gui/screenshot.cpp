// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/screenshot.h"

#include <QCursor>
#include <QEventLoop>
#include <QPixmap>
#include <QSaveFile>
#include <QTemporaryDir>
#include <QTimer>

#include "app/gui/application.h"
#include "app/gui/main_window.h"
#include "widgets/common/state_page.h"

namespace weir {
namespace {

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

Result<void> draw(WindowStart start, const ScreenshotOptions& options) {
    const QTemporaryDir folder; // nothing of the user's own, and nothing kept
    UserSettings settings(folder.filePath(QStringLiteral("weir.ini")));
    Theme::apply(Theme::choice_from(QString::fromStdString(options.theme)));
    const std::string view = start.view;
    const bool welcome = view == "welcome";
    if (welcome)
        start.open = nullptr;
    MainWindow window(std::move(start), settings);
    window.resize(options.width, options.height);
    QCursor::setPos(options.width + 100, options.height + 100); // nothing looks pointed at
    window.show();
    SessionHost& host = window.host();
    const auto opened = [&host] {
        return host.state() != SessionHost::State::Empty &&
               host.state() != SessionHost::State::Opening;
    };
    if (!welcome) {
        wait_for(opened, options.wait_ms);
        // Whoever asks for this picture by name has said what is to be connected to.
        if (host.state() == SessionHost::State::Ready)
            window.connectNow();
        if (!view.empty() && window.currentView() != nullptr &&
            window.currentView()->id().toStdString() != view)
            return Error{ErrorCode::Usage, "There is no view of this name", view, "", "", -1};
        const bool shown = wait_for(
            [&] {
                const View* current = window.currentView();
                return host.state() == SessionHost::State::Failed ||
                       (host.state() == SessionHost::State::Live && current != nullptr &&
                        window.page() == current && current->hasContent());
            },
            options.wait_ms);
        const bool failed = host.state() == SessionHost::State::Failed;
        if (failed && window.page() == window.statePage())
            return host.error();
        if (!shown && !failed)
            return nothing_to_show(window, view);
    }
    wait_for([] { return false; }, options.settle_ms);
    return write_png(window.grab(), options.file);
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

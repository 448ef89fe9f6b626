// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A window on a session without a broker, with settings of its own.
// Thread contract: GUI thread.
#pragma once

#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include "app/gui/main_window.h"
#include "tests/app/gui/fake_session.h"

namespace weir::test {

class WindowGround {
  protected:
    /// Before each test: a world that nobody has touched.
    void prepare() {
        m_world = std::make_unique<World>();
        m_settings.reset(); // it writes into its folder once more
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<UserSettings>(m_folder->filePath(QStringLiteral("weir.ini")));
    }

    // Each is null where the window does not come to that.
    std::unique_ptr<MainWindow> open(WindowStart start) {
        start.make_session = [this](const Workspace& workspace, SessionOptions options) {
            m_world->commands_allowed = options.allow_commands;
            return maker(*m_world, workspace)();
        };
        auto window = std::make_unique<MainWindow>(std::move(start), *m_settings, fake_views());
        window->show();
        window->activateWindow();
        return QTest::qWaitForWindowActive(window.get()) ? std::move(window) : nullptr;
    }
    std::unique_ptr<MainWindow>
    open_live(kafka::Environment environment = kafka::Environment::Production) {
        WindowStart start;
        start.open = maker(*m_world, shop(environment));
        std::unique_ptr<MainWindow> window = open(std::move(start));
        const auto live = [&] { return window->page() == window->currentView(); };
        return window && QTest::qWaitFor(live) ? std::move(window) : nullptr;
    }
    std::unique_ptr<MainWindow> open_failed() {
        m_world->fail = true;
        WindowStart start;
        start.open = maker(*m_world, shop());
        std::unique_ptr<MainWindow> window = open(std::move(start));
        const auto failed = [&] { return window->host().state() == SessionHost::State::Failed; };
        return window && QTest::qWaitFor(failed) ? std::move(window) : nullptr;
    }

    static void press(QWidget* window, const char* keys) {
        QTest::keySequence(window, QKeySequence(QLatin1String(keys)));
    }
    static FakeView* view(MainWindow& window, std::size_t index) {
        return static_cast<FakeView*>(window.views()[index]);
    }

    std::unique_ptr<World> m_world;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<UserSettings> m_settings;
};

} // namespace weir::test

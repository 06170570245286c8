#pragma once

#include <atomic>
#include <cerrno>
#include <deque>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <mutex>
#include <numeric>
#include <set>
#include <system_error>
#include <thread>
#include <tuple>

#include "verify/sha256.h"
#include "verify/text.h"
#include "verify/verify.h"

namespace scr::verify {

inline constexpr std::size_t kPiece = 1U << 18U; ///< of a file, looked at before the next is read

/// What was found, from any thread. The first ones are kept, in the order of path, number and text.
class Findings {
public:
    void add(std::string_view path, std::uint64_t number, const std::string& text)
    {
        constexpr std::size_t kMost = 1000;
        const std::lock_guard lock{m_mutex};
        count += first.emplace(std::string{path}, number, text).second ? 1 : 0;
        if (first.size() > kMost)
            first.erase(std::prev(first.end()));
    }

    std::uint64_t count = 0;
    std::set<std::tuple<std::string, std::uint64_t, std::string>> first;

private:
    std::mutex m_mutex;
};

/// A plain file of a pack.
struct File {
    std::string path; ///< in the pack
    std::uint64_t offset = 0, size = 0;
    std::string listed{};   ///< its SHA-256 as the manifests have it, hex; empty: they do not list it
    bool isChecked = false; ///< somebody reads it to its end, and so finds out whether it is that
};

/// The files of a pack, in a folder or in an archive.
class Pack {
public:
    /// Throws std::system_error when there is no such folder or archive, or it cannot be read.
    Pack(const std::string& path, Findings& allFindings, const KeepGoing& keepGoing) :
        findings{allFindings}, m_path{path}, m_isFolder{std::filesystem::is_directory(path)}, m_keepGoing{keepGoing}
    {
        m_isFolder ? listFolder() : listArchive();
        const auto add = [](std::uint64_t sum, const auto& file) { return sum + file.second.size; };
        allBytes = std::accumulate(files.begin(), files.end(), allBytes, add);
    }

    [[nodiscard]] File* find(std::string_view path)
    {
        const auto found = files.find(path);
        return found == files.end() ? nullptr : &found->second;
    }

    /// Reads a file from its beginning on. The first that does so for a listed one holds it against what is listed when it comes
    /// to the end. From any thread, a file in one at a time.
    class Reader {
    public:
        Reader(Pack& pack, File& file) :
            m_pack{pack}, m_file{file}, m_isChecking{!file.listed.empty() && !std::exchange(file.isChecked, true)},
            m_input{pack.open(file)}
        {
        }

        /// Puts the next bytes after those; false at the end.
        bool append(std::string& bytes)
        {
            const std::size_t count = std::min<std::uint64_t>(kPiece, m_file.size - m_done);
            bytes.resize(bytes.size() + count);
            const std::string_view piece = std::string_view{bytes}.substr(bytes.size() - count);
            if (count > 0 && !m_input.read(bytes.data() + bytes.size() - count, static_cast<std::streamsize>(count)))
                throw std::system_error{EIO, std::generic_category(), m_file.path}; // it became shorter, or its disk failed
            m_done += count;
            if (m_isChecking && count > 0 && m_pack.m_keepGoing && !m_pack.m_keepGoing(m_pack.m_done += count, m_pack.allBytes))
                throw Stopped{};
            if (m_isChecking)
                m_hash.add(piece);
            if (count == 0 && std::exchange(m_isChecking, false) && hexOf(m_hash.end()) != m_file.listed)
                m_pack.findings.add(m_file.path, 0, "altered");
            return count > 0;
        }

    private:
        Pack& m_pack;
        File& m_file;
        bool m_isChecking;
        std::ifstream m_input;
        std::uint64_t m_done = 0;
        Sha256 m_hash;
    };

    /// All bytes; none when they are more than anybody needs: no memory for what can only be wrong.
    std::string load(File& file, std::uint64_t most = 1U << 30U)
    {
        std::string bytes;
        if (file.size <= most)
            for (Reader reader{*this, file}; reader.append(bytes);) {
            }
        return bytes;
    }

    Findings& findings;
    std::map<std::string, File, std::less<>> files;
    std::set<std::string> folders;
    std::uint64_t allBytes = 0;

private:
    [[nodiscard]] std::ifstream open(const File& file) const
    {
        const std::string path = m_isFolder ? m_path + '/' + file.path : m_path;
        std::ifstream input{path, std::ios::binary};
        if (!input)
            throw std::system_error{errno, std::generic_category(), path};
        input.seekg(static_cast<std::streamoff>(file.offset));
        return input;
    }

    void listFolder()
    {
        for (const auto& entry : std::filesystem::recursive_directory_iterator{m_path}) {
            const std::string path = entry.path().lexically_relative(m_path).string();
            const auto type = entry.symlink_status().type();
            if (type == std::filesystem::file_type::directory)
                folders.insert(path);
            else if (type == std::filesystem::file_type::regular)
                files.emplace(path, File{path, 0, entry.file_size()});
            else
                findings.add(path, 0, "not a plain file");
        }
    }

    /// The only header that a member of that path and size can have: POSIX ustar.
    static std::string headerOf(const std::string& path, std::uint64_t size)
    {
        const auto padded = [](std::string text, std::size_t length) { return text.append(length - text.size(), '\0'); };
        const auto octal = [](std::uint64_t number, std::size_t digits) {
            std::string text(digits, '0');
            for (; number > 0; number /= 8)
                text[--digits] = static_cast<char>('0' + number % 8);
            return text;
        };
        const std::string none = padded("0000000", 8);
        const std::string before =
            padded(path, 100) + padded("0000644", 8) + none + none + padded(octal(size, 11), 12) + padded(octal(0, 11), 12);
        const std::string after = padded("0", 101) + padded("ustar", 6) + padded("00", 66) + none + padded(none, 175);
        const auto add = [](std::uint64_t sum, char byte) { return sum + static_cast<unsigned char>(byte); };
        const std::string all = before + "        " + after;
        return before + octal(std::accumulate(all.begin(), all.end(), std::uint64_t{0}, add), 6) + std::string{'\0', ' '} + after;
    }

    void listArchive()
    {
        std::ifstream input = open({});
        const std::uint64_t size = std::filesystem::file_size(m_path);
        const auto bytesAt = [&](std::uint64_t from, std::uint64_t to) {
            std::string bytes(std::min(to, size) - std::min(from, size), '\0');
            input.seekg(static_cast<std::streamoff>(from)).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
            return bytes;
        };
        const auto areZeros = [](std::string_view bytes) { return bytes.find_first_not_of('\0') == std::string_view::npos; };
        std::string last;
        for (std::uint64_t offset = 0; offset + 2 * kBlock != size || !areZeros(bytesAt(offset, size));) {
            const std::string header = bytesAt(offset, offset + kBlock);
            File file{header.substr(0, std::min<std::size_t>(header.find('\0'), 100)), offset + kBlock};
            for (std::size_t i = 124; i < std::min<std::size_t>(135, header.size()); ++i)
                file.size =
                    file.size * 8 + static_cast<std::uint64_t>(header[i] >= '0' && header[i] <= '7' ? header[i] - '0' : 0);
            const std::uint64_t end = file.offset + file.size;
            const std::uint64_t next = (end + kBlock - 1) / kBlock * kBlock;
            const bool isMember = file.path.starts_with("pack/") && headerOf(file.path, file.size) == header;
            file.path.erase(0, 5);
            if (!isMember || file.path <= last || next > size || !areZeros(bytesAt(end, next))) {
                findings.add("pack.tar", 0, "not as a pack's archive is, from byte " + std::to_string(offset) + " on");
                return;
            }
            offset = next;
            last = file.path;
            files.emplace(last, std::move(file));
        }
    }

    static constexpr std::size_t kBlock = 512;
    std::string m_path;
    bool m_isFolder;
    const KeepGoing& m_keepGoing;
    std::atomic<std::uint64_t> m_done = 0;
};

/// Runs the tasks that next() gives, until it gives none, side by side; take() gets what they come to, in their order. Few bytes
/// to look at are not worth threads.
template <class Next, class Take>
void inOrder(std::uint64_t bytes, Next next, const Take& take)
{
    const std::size_t most = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
    const auto policy = bytes < 16U << 20U ? std::launch::deferred : std::launch::async;
    std::deque<decltype(std::async(next()))> running;
    for (auto task = next(); task || !running.empty();) {
        if (task) {
            running.push_back(std::async(policy, std::move(task)));
            task = next();
        }
        if (!task || running.size() > most) {
            take(running.front().get());
            running.pop_front();
        }
    }
}

} // namespace scr::verify

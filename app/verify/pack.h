#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "verify/sha256.h"

namespace scr::verify {

inline constexpr std::size_t kMostFindings = 1000;
inline constexpr std::size_t kPiece = 16U << 20U; ///< of a large file, looked at before the next is read

/// What was found, from any thread. The first ones are kept, in the order of path, number and text.
class Findings {
public:
    void add(std::string_view path, std::uint64_t number, const std::string& text)
    {
        const std::lock_guard lock{m_mutex};
        m_count += m_first.emplace(std::string{path}, number, text).second ? 1 : 0;
        if (m_first.size() > kMostFindings)
            m_first.erase(std::prev(m_first.end()));
    }
    [[nodiscard]] std::uint64_t count() const { return m_count; }
    [[nodiscard]] const auto& first() const { return m_first; }

private:
    std::mutex m_mutex;
    std::uint64_t m_count = 0;
    std::set<std::tuple<std::string, std::uint64_t, std::string>> m_first;
};

/// A plain file of a pack.
struct File {
    std::string path; ///< in the pack
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::optional<Hash> listed{}; ///< what the manifests say
    bool isChecked = false;       ///< that it is what was listed was looked at
};

[[noreturn]] inline void refuse(const std::string& path)
{
    throw std::system_error{errno, std::generic_category(), path};
}

/// Bytes of a file in memory; those of a large one by a mapping, so that only what is looked at takes room.
class Bytes {
public:
    Bytes() = default;
    Bytes(int descriptor, const File& file) : m_isMapped{file.size >= kPiece}
    {
        const std::uint64_t before = m_isMapped ? file.offset % static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
        const std::size_t length = file.size + before;
        const auto offset = static_cast<off_t>(file.offset - before);
        if (m_isMapped) {
            void* start = ::mmap(nullptr, length, PROT_READ, MAP_PRIVATE, descriptor, offset);
            if (start == MAP_FAILED)
                refuse(file.path);
            m_start = {static_cast<char*>(start), [length](char* mapped) { ::munmap(mapped, length); }};
        } else {
            m_start = {new char[length], std::default_delete<char[]>{}};
            if (::pread(descriptor, m_start.get(), length, offset) != static_cast<ssize_t>(length))
                refuse(file.path);
        }
        view = {m_start.get() + before, file.size};
    }
    /// The bytes of `view` before `to` will not be needed soon: they need no memory.
    void forget(std::size_t to)
    {
        if (!m_isMapped || to < m_forgotten + kPiece)
            return;
        m_forgotten = to / kPiece * kPiece;
        ::madvise(m_start.get(), m_forgotten, MADV_DONTNEED);
    }

    std::string_view view;

private:
    bool m_isMapped = false;
    std::size_t m_forgotten = 0;
    std::shared_ptr<char> m_start; ///< of the page that they begin in
};

/// The files of a pack, in a folder or in an archive.
class Pack {
public:
    /// Throws std::system_error when there is no such folder or archive, or it cannot be read.
    Pack(const std::string& path, Findings& allFindings) : findings{allFindings}, m_root{path}
    {
        if (std::filesystem::is_directory(path)) {
            listFolder();
            return;
        }
        m_archive = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (m_archive < 0)
            refuse(path);
        listArchive();
    }
    Pack(const Pack&) = delete;
    Pack& operator=(const Pack&) = delete;
    ~Pack() { ::close(m_archive); }

    [[nodiscard]] File* find(std::string_view path)
    {
        const auto found = files.find(path);
        return found == files.end() ? nullptr : &found->second;
    }

    /// All bytes, that somebody else will hold against what is listed.
    Bytes map(const File& file) const
    {
        const int descriptor = open(file);
        Bytes bytes{descriptor, file};
        close(descriptor);
        return bytes;
    }

    /// All bytes; the first time they are held against what is listed. From any thread, a file in one at a time.
    Bytes load(File& file)
    {
        const int descriptor = open(file);
        Bytes bytes{descriptor, file};
        if (!std::exchange(file.isChecked, true) && file.listed && hashOf(descriptor, file, bytes) != *file.listed)
            findings.add(file.path, 0, "altered");
        close(descriptor);
        return bytes;
    }

    [[nodiscard]] std::uint64_t bytes() const
    {
        const auto add = [](std::uint64_t sum, const auto& file) { return sum + file.second.size; };
        return std::accumulate(files.begin(), files.end(), std::uint64_t{0}, add);
    }

    Findings& findings;
    std::map<std::string, File, std::less<>> files;
    std::set<std::string> folders;

private:
    [[nodiscard]] int open(const File& file) const
    {
        const std::string path = m_root + '/' + file.path;
        const int descriptor = m_archive >= 0 ? m_archive : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (descriptor < 0)
            refuse(path);
        return descriptor;
    }
    void close(int descriptor) const
    {
        if (descriptor != m_archive)
            ::close(descriptor);
    }

    /// Large files piece by piece: reading is cheaper than mapping all that is looked at only once.
    static Hash hashOf(int descriptor, const File& file, const Bytes& bytes)
    {
        constexpr std::size_t kRead = 1U << 19U;
        if (file.size < kPiece)
            return sha256(bytes.view);
        Sha256 hash;
        const std::unique_ptr<char[]> piece{new char[kRead]};
        for (std::uint64_t at = 0; at < file.size; at += kRead) {
            const std::size_t count = std::min<std::uint64_t>(kRead, file.size - at);
            if (::pread(descriptor, piece.get(), count, static_cast<off_t>(file.offset + at)) != static_cast<ssize_t>(count))
                refuse(file.path);
            hash.add({piece.get(), count});
        }
        return hash.end();
    }

    void listFolder()
    {
        for (const auto& entry : std::filesystem::recursive_directory_iterator{m_root}) {
            const std::string path = entry.path().lexically_relative(m_root).string();
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
    static std::string headerOf(std::string_view path, std::uint64_t size)
    {
        const auto octal = [](std::uint64_t number, std::size_t digits) {
            std::string text(digits, '0');
            for (std::size_t i = digits; i > 0; --i, number /= 8)
                text[i - 1] = static_cast<char>('0' + number % 8);
            return text;
        };
        std::string header(kBlock, '\0');
        const auto put = [&header](std::size_t at, std::string_view text) { header.replace(at, text.size(), text); };
        put(0, path);
        put(100, "0000644");
        put(108, "0000000");
        put(116, "0000000");
        put(124, octal(size, 11));
        put(136, "00000000000");
        put(148, "        0");
        put(257, "ustar");
        put(263, "00");
        put(329, "0000000");
        put(337, "0000000");
        const auto add = [](std::uint64_t sum, char byte) { return sum + static_cast<unsigned char>(byte); };
        put(148, octal(std::accumulate(header.begin(), header.end(), std::uint64_t{0}, add), 6) + std::string{'\0', ' '});
        return header;
    }

    /// The member that a header is of; without a path when it is none.
    static File memberOf(std::string_view header, std::uint64_t offset)
    {
        const std::string_view path = header.substr(0, std::min<std::size_t>(header.find('\0'), 100));
        File file{{}, offset + kBlock};
        for (const char digit : header.substr(124, 11))
            file.size = file.size * 8 + static_cast<std::uint64_t>(digit >= '0' && digit <= '7' ? digit - '0' : 0);
        if (path.starts_with("pack/") && headerOf(path, file.size) == header)
            file.path = path.substr(5);
        return file;
    }

    void listArchive()
    {
        Bytes archive{m_archive, File{m_root, 0, std::filesystem::file_size(m_root)}};
        const auto areZeros = [](std::string_view bytes) { return bytes.find_first_not_of('\0') == std::string_view::npos; };
        std::string last;
        for (std::size_t offset = 0;;) {
            const std::string_view rest = archive.view.substr(offset);
            if (rest.size() == 2 * kBlock && areZeros(rest))
                return;
            File file = rest.size() < kBlock ? File{} : memberOf(rest.substr(0, kBlock), offset);
            const std::uint64_t end = file.offset + file.size;
            const std::uint64_t next = (end + kBlock - 1) / kBlock * kBlock;
            if (file.path <= last || next > archive.view.size() || !areZeros(archive.view.substr(end, next - end))) {
                findings.add("pack.tar", 0, "not as a pack's archive is, from byte " + std::to_string(offset) + " on");
                return;
            }
            offset = next;
            last = file.path;
            files.emplace(last, std::move(file));
            archive.forget(offset);
        }
    }

    static constexpr std::size_t kBlock = 512;
    std::string m_root;
    int m_archive = -1;
};

} // namespace scr::verify

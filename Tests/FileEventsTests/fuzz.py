# Makes, renames and removes files and directories at random: fuzz.py SEED MOVES_DIRECTORIES ROOT
import os, random, shutil, sys

seed, moves, root = int(sys.argv[1]), sys.argv[2] == "1", sys.argv[3]
pick = random.Random(seed)
directories = [root]
os.mkdir("outside")


def name():
    return pick.choice("abcdefghijkl") + pick.choice("0123")


for step in range(6000):
    place = pick.choice(directories)
    path = os.path.join(place, name())
    act = pick.random()
    try:
        if act < 0.35:
            with open(path, "a") as file:
                file.write("x")
        elif act < 0.50:
            os.mkdir(path)
            directories.append(path)
        elif act < 0.65:
            os.rename(os.path.join(place, name()), os.path.join(pick.choice(directories), name())) \
                if moves else os.link(os.path.join(place, name()), path)
        elif act < 0.80:
            os.unlink(path)
        elif act < 0.88:
            source, target = os.path.join(place, name()), os.path.join(pick.choice(directories), name())
            if moves or not os.path.isdir(source):
                os.rename(source, target)
        elif act < 0.94:
            os.rename(path, os.path.join("outside", name()))
        elif act < 0.97:
            os.rename(os.path.join("outside", name()), path)
        else:
            os.rmdir(path)
    except OSError:
        pass
    if step % 50 == 0 or act > 0.5:
        directories = [d for d in directories if os.path.isdir(d)][-60:] or [root]
        if root not in directories:
            directories.append(root)
        if step % 500 == 0:
            for base, names, _ in os.walk(root):
                directories += [os.path.join(base, n) for n in names]
            directories = list(dict.fromkeys(directories))[:80]

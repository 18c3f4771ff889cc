import ArgumentParser
import Configuration
import Server
print("liaison")
